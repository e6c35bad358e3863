// torch_side() where LibTorch is linked: in libgrokscope_torch.so and in the tests. libgrokscope_training.so
// has plugin/torch_side_loaded.cpp instead.
#include "train/torch_side/torch_side.h"

namespace grokscope {

const TorchSide& torch_side() {
  const TorchSide& side = linked_torch_side();
  side.machine.limit_threads();
  return side;
}

}  // namespace grokscope
