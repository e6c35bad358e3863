// The intervention "set", for those who make one. Any thread.
#pragma once

#include <string_view>

#include "history/interventions.h"

namespace grokscope {

/// A live setting of the running training gets another value.
Intervention setting_change(std::string_view field, const FieldValue& value);

}  // namespace grokscope
