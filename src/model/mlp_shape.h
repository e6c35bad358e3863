// MlpShape: what a config and a task say about an MLP, and where its parameters lie. Plain values; the
// arithmetic is in mlp.cpp. Any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"
#include "model/activation_kind.h"
#include "model/initialisation.h"

namespace grokscope {

enum class MlpInput { embedding, one_hot, images };  // images: any row of numbers, features too

/// Indices into ParameterViews.
struct MlpLayer {
  int W = -1, b = -1;  // (in, out), (out)
};

struct MlpShape {
  MlpInput input = MlpInput::embedding;
  std::int64_t tokens = 0, embedding_width = 0, features = 0;  // features: what the first layer reads
  std::int64_t width = 0, depth = 0, classes = 0;
  bool bias = true;
  Activation activation = Activation::relu;
  InitScheme scheme = InitScheme::torch;

  int W_E = -1;
  std::vector<MlpLayer> hidden;
  MlpLayer output;
};

Result<MlpShape> mlp_shape(const RunConfig& config, const Dataset& data);

/// Registers every parameter in `layout`, remembers the indices in `shape`, returns how to draw them.
InitPlan add_mlp_parameters(const RunConfig& config, MlpShape& shape, ParameterLayout& layout);

}  // namespace grokscope
