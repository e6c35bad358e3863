// Interventions: from the events that change a run to settings, norms and sentences.
#include "history/interventions.h"

#include <cmath>

#include "base/text.h"

namespace grokscope {

namespace {

const char* type_name(FieldType type) {
  switch (type) {
    case FieldType::boolean:
      return "true or false";
    case FieldType::integer:
      return "a whole number";
    case FieldType::real:
      return "a number";
    default:
      return "a text";
  }
}

bool fits_int64(const Json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>() <= INT64_MAX;
  if (value.is_number_integer()) return true;
  if (!value.is_number_float()) return false;
  const double number = value.get<double>();
  return std::abs(number) <= 9e15 && number == std::floor(number);  // 500.0 is a whole number too
}

}  // namespace

Result<FieldValue> value_of_set_event(const Event& event) {
  const auto name = event.detail.find("field");
  const auto value = event.detail.find("value");
  if (event.kind != "set" || name == event.detail.end() || !name->is_string() ||
      value == event.detail.end()) {
    return usage_error("an event of kind \"set\" needs \"field\" and \"value\"");
  }
  const std::string& field_name = name->get_ref<const std::string&>();
  const Field* field = find_field(field_name);
  if (field == nullptr) return unknown_field_error(field_name);
  switch (field->type) {
    case FieldType::boolean:
      if (value->is_boolean()) return FieldValue(value->get<bool>());
      break;
    case FieldType::integer:
      if (fits_int64(*value)) return FieldValue(value->get<std::int64_t>());
      break;
    case FieldType::real:
      if (value->is_number()) return FieldValue(value->get<double>());
      break;
    case FieldType::choice:
    case FieldType::text:
      if (value->is_string()) return FieldValue(value->get<std::string>());
      break;
  }
  return usage_error("the setting '" + field_name + "' needs " + type_name(field->type) + ", not " +
                     text_from_json(*value));
}

Status check_norm(double norm) {
  if (norm > 0.0 && norm <= kLargestNorm) return {};
  return usage_error("weights cannot be rescaled to norm " + text_of(FieldValue(norm)) +
                     ": choose a number above 0 and at most 1e9");
}

Result<double> norm_of_rescale_event(const Event& event) {
  const auto value = event.detail.find("value");
  if (event.kind != "rescale_norm" || value == event.detail.end() || !value->is_number()) {
    return usage_error("an event of kind \"rescale_norm\" needs \"value\", the norm to rescale to");
  }
  const double norm = value->get<double>();
  if (Status usable = check_norm(norm); !usable) return usable.error();
  return norm;
}

RunConfig config_at(const History& history, std::int64_t step) {
  RunConfig config = history.config();
  for (const Event& event : history.events()) {
    if (event.kind != "set" || event.step > step) continue;
    const Result<FieldValue> value = value_of_set_event(event);
    if (value) (void)set_field(config, event.detail["field"].get_ref<const std::string&>(), *value).ok();
  }
  return config;
}

std::string sentence_of(const Event& intervention) {
  const std::string when = " at step " + grouped(intervention.step) + ".";
  if (const Result<double> norm = norm_of_rescale_event(intervention)) {
    return "The weights were rescaled to norm " + pretty(*norm) + when;
  }
  if (intervention.kind != "set") return intervention.kind + when;
  const auto name = intervention.detail.find("field");
  const Field* field =
      name != intervention.detail.end() && name->is_string() ? find_field(name->get<std::string>()) : nullptr;
  const Result<FieldValue> value = value_of_set_event(intervention);
  if (field == nullptr || !value) return "A setting was changed" + when;
  const double* real = std::get_if<double>(&*value);
  return field->label + " was changed to " + (real != nullptr ? pretty(*real) : text_of(*value)) + when;
}

}  // namespace grokscope
