// How much arithmetic one training step needs, counted from its config: the "useful GFLOP" of `grokscope
// bench`, and what a probe may afford. A multiply and an add count as two. Padding, activations, softmax and
// the optimizer do not count: no engine may look better by doing more of them. Torch-free; pure functions.
// Any thread.
#pragma once

#include <cstdint>

#include "config/run_config.h"

namespace grokscope {

/// What a config alone does not say: it depends on the task.
struct StepShape {
  std::int64_t examples = 0;   ///< of one step
  std::int64_t tokens = 0;     ///< values of a and b, or words; pairs, sums and texts
  std::int64_t outputs = 0;    ///< numbers the network gives for an example
  std::int64_t features = 0;   ///< numbers of an input; images and features only
  std::int64_t channels = 1;   ///< of an image
  std::int64_t positions = 0;  ///< of a text, padding included; text only
  std::int64_t nodes = 0, node_features = 0, edge_kinds = 0;  ///< of a graph, padding included; graphs only
};

enum class Arithmetic {
  plain,   ///< every position of every example goes through every layer, as a framework does it
  tables,  ///< what depends on one token alone is computed once per token, as the fused
           ///< steppers do it
};

struct StepFlops {
  double multiplies = 0.0;  ///< in matrix multiplies, forward and backward
  double rows = 0.0;        ///< in scaled additions of table rows, forward and backward
  double total() const { return multiplies + rows; }
};

/// Forward and backward pass of one step. With `tables`, models without a fused form count as `plain`.
StepFlops step_flops(const RunConfig& config, const StepShape& shape, Arithmetic arithmetic);

}  // namespace grokscope
