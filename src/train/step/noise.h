// Gaussian noise on weights and gradients (Power et al. 2022, Figure 2). Not dropout (model/dropout.h). Every
// number depends on seed, stream, step and its place alone: a replay, a resumed run and any number of threads
// draw the same. Called by the stepping thread; the team shares the work out.
#pragma once

#include <cstdint>
#include <string_view>

#include "grokscope_aten.h"
#include "train/kernels/team.h"

namespace grokscope {

struct NoiseKey {
  std::uint64_t seed = 0;
  std::string_view stream;  ///< "weight noise", "gradient noise": independent of each other
  std::int64_t step = 0;
};

/// target += deviation · N(0, 1), element by element. `target` (total) float32 or float64, contiguous, on any
/// device; team may be nullptr.
void add_noise(const NoiseKey& key, double deviation, at::Tensor& target, Team* team);

}  // namespace grokscope
