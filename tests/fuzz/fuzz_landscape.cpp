// Fuzz body: any bytes as the frame of a landscape, which a run folder of a stranger may hold: it is that of
// the plan at hand, cell for cell, or nothing. A frame of any other plan is also tried as one of this
// plan.
// module: sweep
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "history/frame_file.h"
#include "sweep/landscape.h"

namespace {

using namespace grokscope;

LandscapePlan plan() {
  return {RunConfig{}, log_spaced(0.1, 10.0, 3), {0}, 10};
}

void check(const Frame& frame) {
  const auto landscape = landscape_from(frame, plan());
  if (!landscape) return;
  if (landscape->cells.size() != 3 || landscape->done() > 3) std::abort();
  if (!landscape_from(frame_of(*landscape), plan())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file =
      tensor_file_from_bytes(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz");
  if (!file) return 0;
  auto frame = frame_from_tensor_file(*file, "fuzz");
  if (!frame) return 0;
  check(*frame);
  frame->probe = "landscape";
  frame->texts["plan"] = text_of(plan());
  check(*frame);
  return 0;
}
