// Fuzz body: any text as the condition of --until; what is accepted names a metric and a finite number.
// module: contract
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/outside_text.h"
#include "contract/until.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto until = grokscope::parse_until(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!until) {
    if (until.error().message.empty() || !grokscope::is_visible(until.error().message)) std::abort();
    return 0;
  }
  bool known = false;
  for (const auto& column : grokscope::metric_columns()) known = known || column.name == until->metric;
  if (!known || !std::isfinite(until->value)) std::abort();
  if (until->holds(grokscope::Evaluation{}) && until->metric.find("count") == std::string::npos) std::abort();
  return 0;
}
