// The probes, which look with LibTorch's operations, as a table of functions (train/step/torch_tensors.h says
// why). Jobs thread.
#pragma once

#include <cstddef>

#include "probe/probe.h"

namespace grokscope {

struct TorchLooks {
  /// Runs one of probes(); fills in what of `input` only LibTorch can make. Never throws.
  Frame (*look)(std::size_t probe, ProbeInput& input);
};

/// Throws std::runtime_error when LibTorch cannot be loaded.
const TorchLooks& torch_looks();

}  // namespace grokscope
