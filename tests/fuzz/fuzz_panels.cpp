// module: ui
// Panels draw and answer the mouse, whatever numbers well-formed frames hold.
#include <cstddef>
#include <cstdint>

#include "../ui/wild_frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grokscope;
  testing::Choices choices({data, size});
  const History shown = testing::wild_history(choices), other = testing::wild_history(choices);
  PanelContext context;
  context.history = &shown;
  context.config = &shown.config();
  context.step = shown.last() == nullptr ? 0 : shown.last()->step;
  const OtherRun others[] = {{std::make_shared<const History>(other), "before: wild"}};
  context.others = others;
  testing::draw_and_hover(context);
  return 0;
}
