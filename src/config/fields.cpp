// Looking up, reading and checked setting of fields. The rows stand in field_table_*.cpp, rules between
// fields in validate.cpp.
#include "config/fields.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/number_text.h"
#include "base/outside_text.h"
#include "base/text.h"
#include "base/trimmed.h"
#include "config/field_table.h"
#include "config/operations.h"

namespace grokscope {
namespace {

constexpr std::size_t kTextLimit = 4096;

const std::vector<Field>& field_table() {
  static const std::vector<Field> table = [] {
    std::vector<Field> rows;
    add_task_fields(rows);
    add_model_fields(rows);
    add_training_fields(rows);
    return rows;
  }();
  return table;
}

std::string describe(const FieldValue& value) {
  struct Visitor {
    std::string operator()(bool b) const { return b ? "true" : "false"; }
    std::string operator()(std::int64_t i) const { return fmt::format("{}", i); }
    std::string operator()(double d) const { return text_of(d); }
    std::string operator()(const std::string& s) const { return in_quotes(s); }
  };
  return std::visit(Visitor{}, value);
}

std::string_view wanted(FieldType type) {
  switch (type) {
    case FieldType::boolean:
      return "true or false";
    case FieldType::integer:
      return "a whole number";
    case FieldType::real:
      return "a number";
    case FieldType::choice:
      return "one of";
    case FieldType::text:
      return "a text";
  }
  return "";
}

Error type_error(const Field& field, const FieldValue& value) {
  const bool named = field.type == FieldType::integer || field.type == FieldType::real;
  const std::string range = field.type == FieldType::choice ? " " + range_text(field)
                            : named                         ? fmt::format(" in {}", range_text(field))
                                                            : "";
  return usage_error(
      fmt::format("{} must be {}{}, not {}", field.name, wanted(field.type), range, describe(value)));
}

Error choice_error(const Field& field, const std::string& value) {
  const std::string nearest = nearest_name(value, field.choices);
  const std::string hint = nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest);
  return usage_error(
      fmt::format("{} must be one of {}, not {}{}", field.name, range_text(field), in_quotes(value), hint));
}

bool is_plain_text(const std::string& value) {
  return value.size() <= kTextLimit && is_visible(value);
}

/// The value in the field's own type, or nothing if it cannot be.
std::optional<FieldValue> converted(const Field& field, const FieldValue& value) {
  if (field.type == FieldType::boolean && std::holds_alternative<bool>(value)) return value;
  const bool textual = field.type == FieldType::choice || field.type == FieldType::text;
  if (textual && std::holds_alternative<std::string>(value)) return value;
  if (field.type == FieldType::real) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
      return FieldValue(static_cast<double>(*integer));
    if (const auto* real = std::get_if<double>(&value); real != nullptr && !std::isnan(*real)) return value;
  }
  if (field.type == FieldType::integer) {
    if (std::holds_alternative<std::int64_t>(value)) return value;
    const auto* real = std::get_if<double>(&value);
    if (const auto whole = real != nullptr ? whole_number_of(*real) : std::nullopt) return FieldValue(*whole);
  }
  return std::nullopt;
}

double as_number(const FieldValue& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

/// "optimiser.lr" -> "optimizer.learning_rate": what people call these things elsewhere.
std::string without_short_names(std::string_view name) {
  static const std::pair<std::string_view, std::string_view> kShort[] = {
      {"lr", "learning_rate"}, {"wd", "weight_decay"},  {"p", "modulus"},         {"frac", "train_fraction"},
      {"d_model", "width"},    {"d_mlp", "mlp_width"},  {"n_heads", "heads"},     {"layers", "depth"},
      {"alpha", "scale"},      {"batch", "batch_size"}, {"epochs", "steps"},      {"warmup", "warmup_steps"},
      {"eps", "epsilon"},      {"num_layers", "depth"}, {"op", "task.operation"}, {"random_seed", "seed"}};
  const auto dot = name.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
  for (const auto& [from, to] : kShort) {
    if (last == from) return std::string(name.substr(0, name.size() - last.size())) + std::string(to);
  }
  return std::string(name);
}

}  // namespace

std::span<const Field> fields() {
  return field_table();
}

const Field* find_field(std::string_view name) {
  for (const Field& field : field_table()) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

bool field_applies(const Field& field, const RunConfig& config) {
  return !field.applies || field.applies(config);
}

Error unknown_field_error(std::string_view name) {
  std::vector<std::string> names;
  for (const Field& field : field_table()) names.push_back(field.name);
  const std::string nearest = nearest_name(without_short_names(name), names);
  if (nearest.empty()) {
    return usage_error(
        fmt::format("unknown setting {}: run `grokscope fields` for the list", in_quotes(name)));
  }
  return usage_error(fmt::format("unknown setting {}: did you mean '{}'?", in_quotes(name), nearest));
}

Status set_field(RunConfig& config, std::string_view name, const FieldValue& value) {
  const Field* field = find_field(name);
  if (field == nullptr) return unknown_field_error(name);
  std::optional<FieldValue> own = converted(*field, value);
  if (!own) return type_error(*field, value);

  if (auto* text = std::get_if<std::string>(&*own)) {
    if (!is_plain_text(*text)) {
      return usage_error(
          fmt::format("{} must be at most {} bytes of UTF-8 without control characters, not {}", field->name,
                      kTextLimit, in_quotes(*text)));
    }
    if (field->name == "task.operation") {
      if (const Operation* operation = find_operation(config.task.kind, *text)) *text = operation->name;
    }
    const auto& choices = field->choices;
    if (field->type == FieldType::choice &&
        std::find(choices.begin(), choices.end(), *text) == choices.end()) {
      return choice_error(*field, *text);
    }
  } else if (field->type != FieldType::boolean) {
    const double number = as_number(*own);
    if (!(number >= field->minimum && number <= field->maximum)) {
      return usage_error(
          fmt::format("{} must be in {}, not {}", field->name, range_text(*field), describe(value)));
    }
  }
  field->set(config, *own);
  return {};
}

Status set_field_from_text(RunConfig& config, std::string_view assignment) {
  const auto equals = assignment.find('=');
  const std::string name(trimmed(assignment.substr(0, equals)));
  if (equals == std::string_view::npos || name.empty()) {
    return usage_error(
        fmt::format("cannot read the setting {}: write key=value, for example optimizer.weight_decay=0.5",
                    in_quotes(assignment)));
  }
  const Field* field = find_field(name);
  if (field == nullptr) return unknown_field_error(name);
  return set_field(config, name, value_from_text(*field, assignment.substr(equals + 1)));
}

FieldValue value_from_text(const Field& field, std::string_view text) {
  if (field.type == FieldType::boolean) {
    if (const auto truth = truth_from_text(text)) return *truth;
  }
  if (field.type == FieldType::integer) {
    if (const auto whole = whole_number_from_text(text)) return *whole;
  }
  if (field.type == FieldType::integer || field.type == FieldType::real) {
    if (const auto number = number_from_text(text)) return *number;
  }
  return std::string(trimmed(text));
}

std::string text_of(const FieldValue& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *integer);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;

  const double real = std::get<double>(value);
  if (std::isnan(real)) return "NaN";
  const double magnitude = std::fabs(real);
  const bool fixed = magnitude == 0.0 || (magnitude >= 1e-4 && magnitude < 1e6);
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, real,
                                 fixed ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  std::string text(buffer, end);
  const auto e = text.find('e');
  if (e == std::string::npos) return text;
  return fmt::format("{}e{}", text.substr(0, e), std::atoi(text.c_str() + e + 1));  // "1e-06" -> "1e-6"
}

std::string range_text(const Field& field) {
  if (field.type == FieldType::boolean) return "true | false";
  if (field.type == FieldType::choice) return fmt::format("{}", fmt::join(field.choices, " | "));
  if (field.type == FieldType::text) return "";
  const auto bound = [&](double value) {
    return field.type == FieldType::integer ? fmt::format("{}", static_cast<std::int64_t>(value))
                                            : text_of(value);
  };
  return fmt::format("{} .. {}", bound(field.minimum), bound(field.maximum));
}

}  // namespace grokscope
