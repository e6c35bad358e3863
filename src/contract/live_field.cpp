#include "contract/live_field.h"

#include <string>

namespace grokscope {

Status set_live_field(RunConfig& config, std::string_view name, const FieldValue& value) {
  const Field* field = find_field(name);
  if (field == nullptr) return unknown_field_error(name);
  if (!field->live) {
    return usage_error("'" + field->name + "' cannot change while a run trains: start a new run with it");
  }
  RunConfig changed = config;
  if (Status set = set_field(changed, name, value); !set) return set;
  if (Status valid = validate(changed); !valid) return valid;
  config = std::move(changed);
  return {};
}

Json json_of_value(const FieldValue& value) {
  return std::visit(
      [](const auto& held) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, double>) return finite_or_null(held);
        return held;
      },
      value);
}

}  // namespace grokscope
