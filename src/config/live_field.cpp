<<<<<<<< HEAD:src/contract/live_field.cpp
#include "contract/live_field.h"
========
#include "config/live_field.h"
>>>>>>>> 937bc56 (An intervention is one row a kind; one way in for events, typed values and text from outside):src/config/live_field.cpp

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
