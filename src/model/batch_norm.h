// BatchNorm (Ioffe and Szegedy 2015) as torch.nn.BatchNorm1d and 2d have it: a training step normalises with
// the statistics of its batch, and they join the running ones (momentum 0.1, variance unbiased), which
// evaluation normalises with. Any thread; the running ones are written by training steps alone.
#pragma once

#include <string>
#include <vector>

#include "model/initialisation.h"
#include "model/model.h"

namespace grokscope {

/// Indices into ParameterViews and the buffers.
struct BatchNorm {
  int gain = -1, shift = -1, mean = -1, variance = -1;  // (channel)
};

/// Registers one of `channels` under `name`.
BatchNorm add_batch_norm(const std::string& name, std::int64_t channels, InitPlan& plan,
                         ParameterLayout& parameters, ParameterLayout& buffers);

/// x (example, channel, ...), normalised over everything but the channels.
at::Tensor batch_norm(const BatchNorm& norm, const ParameterViews& views, const Batch& batch,
                      const at::Tensor& x);

/// Means 0, variances 1: (layout.total()) float32. `layout` has nothing but what add_batch_norm() and
/// add_cnn1d_buffers() made.
at::Tensor first_running_statistics(const ParameterLayout& layout);

}  // namespace grokscope
