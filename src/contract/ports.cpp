#include "contract/ports.h"

#include <cstdio>

#include "base/outside_text.h"

namespace grokscope {

Result<Device> parse_device(std::string_view text) {
  if (text == "auto") return Device::automatic;
  if (text == "cpu") return Device::cpu;
  if (text == "cuda") return Device::cuda;
  return usage_error("unknown device " + in_quotes(text) + ": it is one of auto, cpu, cuda");
}

std::string mailbox_key(const Frame& frame) {
  char step[24];
  std::snprintf(step, sizeof step, "/%012lld", static_cast<long long>(frame.step));
  return frame.probe + step;
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
