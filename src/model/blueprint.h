// Blueprint: the parameters of a network and how they are drawn, without the network: all that a fused
// training needs, and nothing of LibTorch's operations. Any thread.
#pragma once

#include <optional>

#include "base/result.h"
#include "config/run_config.h"
#include "data/dataset.h"
#include "model/initialisation.h"

namespace grokscope {

struct Blueprint {
  ParameterLayout layout;
  InitPlan init;
};

/// The blueprint of the model that make_model() would build, with the same errors. Nothing: an architecture
/// that only LibTorch can run (model.kind adder, graph), or an unknown one; ask make_model().
std::optional<Result<Blueprint>> find_blueprint(const RunConfig& config, const Dataset& data);

}  // namespace grokscope
