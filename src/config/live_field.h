// Which settings may change while a run trains, and what changing one does to its config. Any thread.
#pragma once

#include <string_view>

#include "config/fields.h"

namespace grokscope {

/// Sets a live field (Field::live). Errors: unknown, not live, wrong type, out of range, or at odds with
/// another setting; then nothing changes.
Status set_live_field(RunConfig& config, std::string_view name, const FieldValue& value);

}  // namespace grokscope
