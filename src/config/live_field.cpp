#include "config/live_field.h"

#include <string>
#include <utility>

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

}  // namespace grokscope
