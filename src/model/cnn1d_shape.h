// Cnn1dShape: what a config and a task say about the convolutional network on sequences, and where its
// parameters lie. It is the 5-layer CNN of Nakkiran et al. 2019 (appendix B.1) with one dimension instead of
// two. Plain values; the arithmetic is in cnn1d.cpp and train/kernels/conv_net.cpp. Any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"
#include "model/initialisation.h"

namespace grokscope {

/// A convolution of three taps with zeros at the ends, normalisation over the batch, relu, and a maximum over
/// windows of positions. The first six are indices into ParameterViews and the buffers.
struct Cnn1dBlock {
  int W = -1;                    // (out, in, tap)
  int gain = -1, shift = -1;     // (out)
  int mean = -1, variance = -1;  // (out), of the buffers
  std::int64_t in = 0, out = 0;  // channels
  std::int64_t positions = 0;    // of what it reads
  std::int64_t window = 1;       // of the maximum; what does not fill one is dropped
};

struct Cnn1dShape {
  std::int64_t length = 0;    // numbers of an example
  std::int64_t features = 0;  // what the readout gets: a maximum over all positions for each channel
  std::int64_t classes = 0;
  InitScheme scheme = InitScheme::torch;
  std::vector<Cnn1dBlock> blocks;  // channels k, 2k, 4k, 8k (k: model.width)
  int output_W = -1, output_b = -1;
};

/// Momentum and epsilon of nn.BatchNorm.
inline constexpr double kBatchNormMomentum = 0.1, kBatchNormEpsilon = 1e-5;

Result<Cnn1dShape> cnn1d_shape(const RunConfig& config, const Dataset& data);

/// Registers every parameter in `layout`, remembers the indices in `shape`, returns how to draw them.
InitPlan add_cnn1d_parameters(const RunConfig& config, Cnn1dShape& shape, ParameterLayout& layout);
/// The same for the running statistics.
void add_cnn1d_buffers(Cnn1dShape& shape, ParameterLayout& layout);

}  // namespace grokscope
