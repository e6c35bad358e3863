// "set": a live setting gets another value. {"field":"task.train_fraction","value":0.6}; recorded with
// "from", and with "engine" where another one computes from then on (dropout needs autograd).
#include "history/interventions/set.h"

#include <algorithm>
#include <iterator>

#include "base/outside_text.h"
#include "base/text.h"
#include "config/live_field.h"

namespace grokscope {
namespace {

const std::string& field_name(const Json& detail) {
  return detail["field"].get_ref<const std::string&>();
}

std::string lacks(const Json& detail) {
  const auto field = detail.find("field"), value = detail.find("value");
  if (field == detail.end() || !field->is_string()) return "\"field\", a text";
  const bool scalar =
      value != detail.end() && (value->is_boolean() || value->is_number() || value->is_string());
  return scalar ? "" : "\"value\", a number, a text, true or false";
}

Status set_on(const Json& detail, RunConfig& config,
              Status (*set)(RunConfig&, std::string_view, const FieldValue&)) {
  const Result<FieldValue> value = value_from_json(field_name(detail), detail["value"]);
  if (!value) return value.error();
  return set(config, field_name(detail), *value);
}

Status check(const Json& detail, const RunConfig& config) {
  RunConfig changed = config;
  return set_on(detail, changed, &set_live_field);
}

void settle(const Json& detail, RunConfig& config) {
  (void)set_on(detail, config, &set_field).ok();  // an error: a run of another version
}

Result<Json> apply(const Json& detail, InterventionTarget& target) {
  const Field* field = find_field(field_name(detail));
  if (field == nullptr) return unknown_field_error(field_name(detail));
  const Result<FieldValue> value = value_from_json(field->name, detail["value"]);
  if (!value) return value.error();
  if (const auto engine = detail.find("engine"); engine != detail.end() && engine->is_string()) {
    target.prefer_engine(engine->get_ref<const std::string&>());
  }
  const Json from = json_from_value(field->get(target.config()));
  const std::string engine(target.engine());
  if (Status set = target.set_live(field->name, *value); !set) return set.error();
  Json done = {
      {"field", field->name}, {"value", json_from_value(field->get(target.config()))}, {"from", from}};
  if (target.engine() != engine) done["engine"] = std::string(target.engine());
  return done;
}

/// In the unit that the window shows it in.
std::string value_text(const Field* field, const Json& value) {
  if (value.is_number_integer()) return grouped(value.get<std::int64_t>());
  if (value.is_number()) {
    return field != nullptr && field->unit == "fraction" ? percent(value.get<double>())
                                                         : pretty(value.get<double>());
  }
  if (value.is_boolean()) return value.get<bool>() ? "on" : "off";
  return visible(value.get<std::string>());
}

std::string sentence(const Json& detail) {
  const Field* field = find_field(field_name(detail));
  if (field == nullptr) return "A setting was changed";
  const Result<FieldValue> value = value_from_json(field->name, detail["value"]);
  const double* real = value ? std::get_if<double>(&*value) : nullptr;
  const std::string number = real == nullptr             ? ""
                             : field->unit == "fraction" ? percent(*real)
                                                         : pretty(*real);
  const std::string shown = real != nullptr ? number : value ? visible(text_of(*value)) : "";
  return field->label + " was changed to " + shown;
}

std::string short_name(const std::string& field) {
  struct ShortName {
    std::string_view field, name;
  };
  static constexpr ShortName kShort[] = {{"optimizer.weight_decay", "wd"},
                                         {"optimizer.learning_rate", "lr"},
                                         {"task.train_fraction", "training pairs"},
                                         {"task.train_size", "training pairs"},
                                         {"optimizer.clamp_norm", "norm clamp"}};
  const auto* found = std::find_if(std::begin(kShort), std::end(kShort),
                                   [&](const ShortName& s) { return s.field == field; });
  if (found != std::end(kShort)) return std::string(found->name);
  std::string name = visible(field.substr(field.rfind('.') + 1));
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string flag(const Json& detail) {
  return short_name(field_name(detail)) + " → " + value_text(find_field(field_name(detail)), detail["value"]);
}

std::string subject(const Json& detail) {
  return field_name(detail);
}

}  // namespace

extern const InterventionKind kSetKind;
const InterventionKind kSetKind{"set", lacks, check, settle, apply, sentence, flag, subject};

Intervention setting_change(std::string_view field, const FieldValue& value) {
  return {"set", {{"field", std::string(field)}, {"value", json_from_value(value)}}};
}

}  // namespace grokscope
