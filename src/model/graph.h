// Graph network that predicts a property of a molecule (Liu et al. 2022, Omnigrok, §4: QM9): two
// edge-conditioned convolutions (Gilmer et al. 2017, Simonovsky and Komodakis 2017), a sum over atoms, two
// layers. Any thread: const after construction.
#pragma once

#include <memory>

#include "base/result.h"
#include "model/model.h"

namespace grokscope {

/// NNConv: x'_t = x_t W_root + b + Σ over bonds s -> t of x_s Θ(e_st), Θ an MLP 4-32-(in * out) with ReLU.
/// NNConv(11 -> width), ReLU, NNConv(width -> width / 2), ReLU, sum over atoms, width / 2 - width with ReLU,
/// and the outputs; model.width = 32 is the published size. Bonds must be one-hot: Θ is computed once a kind
/// of bond. Errors: a task without molecules, edges that are not one-hot, an odd width.
Result<std::shared_ptr<const Model>> make_graph_network(const RunConfig& config, const Dataset& data);

}  // namespace grokscope
