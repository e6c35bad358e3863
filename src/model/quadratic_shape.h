// QuadraticShape: what a config and a task say about Gromov's quadratic network. Plain values; the arithmetic
// is in quadratic.cpp. Any thread.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "data/dataset.h"
#include "model/initialisation.h"

namespace grokscope {

struct QuadraticShape {
  std::int64_t tokens = 0, width = 0, classes = 0;
  InitScheme scheme = InitScheme::normal;
};

Result<QuadraticShape> quadratic_shape(const RunConfig& config, const Dataset& data);

/// Registers W_1 (2 tokens, width), rows of a before rows of b, and W_2 (width, class); returns how to draw
/// them.
InitPlan add_quadratic_parameters(const RunConfig& config, const QuadraticShape& shape,
                                  ParameterLayout& layout);

}  // namespace grokscope
