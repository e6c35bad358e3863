#include "contract/ports.h"

#include "base/outside_text.h"

namespace grokscope {

Result<Device> parse_device(std::string_view text) {
  if (text == "auto") return Device::automatic;
  if (text == "cpu") return Device::cpu;
  if (text == "cuda") return Device::cuda;
  return usage_error("unknown device " + in_quotes(text) + ": it is one of auto, cpu, cuda");
}

std::size_t cost_of(const Published& published) {
  constexpr std::size_t kEventBytes = 512;  // texts are short
  if (const auto* checkpoint = std::get_if<Checkpoint>(&published.what)) return bytes_of(*checkpoint);
  return std::holds_alternative<Event>(published.what) ? kEventBytes : sizeof(Published);
}

std::string_view name_of(StopReason reason) {
  switch (reason) {
    case StopReason::steps:
      return "steps";
    case StopReason::until:
      return "until";
    case StopReason::diverged:
      return "diverged";
    case StopReason::interrupted:
      return "interrupted";
  }
  return "";
}

}  // namespace grokscope
