// The recorder of CUDA graphs. Stepping thread.
#pragma once

#include <memory>

#include "train/torch_side/captured_work.h"

namespace grokscope {

/// nullptr where this LibTorch was built without CUDA.
std::unique_ptr<GraphRecorder> make_cuda_recorder();

}  // namespace grokscope
