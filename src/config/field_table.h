// How rows of the field table are written; private to config/. The rows stand in field_table_*.cpp. Any
// thread.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/fields.h"

namespace grokscope {

void add_task_fields(std::vector<Field>& table);
void add_model_fields(std::vector<Field>& table);     // model.*, init.*
void add_training_fields(std::vector<Field>& table);  // loss.*, optimizer.*, train.*, seed

struct Interval {
  double minimum, maximum;
};

template <typename Section, typename T>
Field base_row(FieldType type, std::string name, std::string label, Section RunConfig::*section,
               T Section::*member, std::string help) {
  Field field;
  field.name = std::move(name);
  field.label = std::move(label);
  field.type = type;
  field.help = std::move(help);
  field.get = [section, member](const RunConfig& config) { return FieldValue(config.*section.*member); };
  field.set = [section, member](RunConfig& config, const FieldValue& value) {
    config.*section.*member = std::get<T>(value);
  };
  return field;
}

inline Field with_range(Field field, Interval range, Interval slider, std::string unit) {
  field.minimum = range.minimum;
  field.maximum = range.maximum;
  field.slider_minimum = slider.minimum;
  field.slider_maximum = slider.maximum;
  field.unit = std::move(unit);
  return field;
}

template <typename Section>
Field real_row(std::string name, std::string label, Section RunConfig::*section, double Section::*member,
               Interval range, Interval slider, std::string unit, std::string help) {
  return with_range(
      base_row(FieldType::real, std::move(name), std::move(label), section, member, std::move(help)), range,
      slider, std::move(unit));
}

template <typename Section>
Field integer_row(std::string name, std::string label, Section RunConfig::*section,
                  std::int64_t Section::*member, Interval range, Interval slider, std::string unit,
                  std::string help) {
  return with_range(
      base_row(FieldType::integer, std::move(name), std::move(label), section, member, std::move(help)),
      range, slider, std::move(unit));
}

template <typename Section>
Field choice_row(std::string name, std::string label, Section RunConfig::*section,
                 std::string Section::*member, std::vector<std::string> choices, std::string help) {
  Field field =
      base_row(FieldType::choice, std::move(name), std::move(label), section, member, std::move(help));
  field.choices = std::move(choices);
  return field;
}

template <typename Section>
Field text_row(std::string name, std::string label, Section RunConfig::*section, std::string Section::*member,
               std::string help) {
  return base_row(FieldType::text, std::move(name), std::move(label), section, member, std::move(help));
}

template <typename Section>
Field boolean_row(std::string name, std::string label, Section RunConfig::*section, bool Section::*member,
                  std::string help) {
  return base_row(FieldType::boolean, std::move(name), std::move(label), section, member, std::move(help));
}

/// Of rows that are in the table.
inline void apply_when(std::vector<Field>& table, std::initializer_list<std::string_view> names,
                       const std::function<bool(const RunConfig&)>& applies) {
  for (Field& field : table) {
    if (std::find(names.begin(), names.end(), field.name) != names.end()) field.applies = applies;
  }
}

inline Field in_decades(Field field) {
  field.log_scale = true;
  return field;
}

inline Field changes_live(Field field) {
  field.live = true;
  return field;
}

}  // namespace grokscope
