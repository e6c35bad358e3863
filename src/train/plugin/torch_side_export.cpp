// The one symbol of libgrokscope_torch.so: the part of a training that needs LibTorch
// (train/torch_side/torch_side.h).
#include "train/torch_side/torch_side.h"

extern "C" __attribute__((visibility("default"))) const grokscope::TorchSide* grokscope_torch_side() {
  return &grokscope::linked_torch_side();
}
