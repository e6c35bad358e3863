// LstmShape: what a config and a task say about the LSTM classifier, and where its parameters lie. Plain
// values; the arithmetic is in lstm.cpp. Any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"
#include "model/initialisation.h"

namespace grokscope {

/// Indices into ParameterViews.
struct LstmLayerWeights {
  int W_input = -1, W_hidden = -1, b_input = -1, b_hidden = -1;  // (in, 4 width), (width, 4 width), (4 width)
};

struct LstmShape {
  std::int64_t tokens = 0, positions = 0, embedding_width = 0, width = 0, depth = 0;
  InitScheme scheme = InitScheme::torch;

  int W_E = -1, W_out = -1, b_out = -1;
  std::vector<LstmLayerWeights> layers;
};

/// Errors: see make_lstm().
Result<LstmShape> lstm_shape(const RunConfig& config, const Dataset& data);

/// Registers every parameter in `layout`, remembers the indices in `shape`, returns how to draw them.
InitPlan add_lstm_parameters(const RunConfig& config, LstmShape& shape, ParameterLayout& layout);

}  // namespace grokscope
