#include <exception>

#include "base/memory.h"
#include "probe/probe.h"

namespace grokscope {

Frame look_with(const Probe& probe, const ProbeInput& input) {
  try {
    const at::NoGradGuard no_gradients;
    Frame frame = probe.look(input);
    frame.probe = probe.name;
    frame.step = input.step;
    return frame;
  } catch (const std::exception& error) {
    return failed_look(probe.name, input.step, reason_of(error));
  }
}

}  // namespace grokscope
