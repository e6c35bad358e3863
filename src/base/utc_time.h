// The time of day for records. Any thread.
#pragma once

#include <string>

namespace grokscope {

/// "2026-11-30T09:30:00Z"; "" if the clock shows no valid time.
std::string utc_now();

}  // namespace grokscope
