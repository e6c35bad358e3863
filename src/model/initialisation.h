// Initial weights as the papers draw them, from Grokscope's own random stream: never LibTorch's generator,
// whose numbers differ between versions. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/parameters.h"

namespace grokscope {

enum class ParameterRole {
  embedding,
  position,
  weight,
  bias,
  norm_gain,
  norm_shift,
  unembedding,
  point,  ///< a vector of the adder: U(±1/2) under every scheme (Liu et al. 2022, effective theory)
};

enum class InitScheme {
  torch,   ///< nn.Linear: U(±1/√fan_in), biases too; nn.Embedding: N(0, 1). Also openai/grok (Power et al.
           ///< 2022)
  nanda,   ///< N(0, 1)/√width, W_U: N(0, 1)/√vocabulary, biases 0 (Nanda et al. 2023)
  normal,  ///< N(0, 1), biases 0 (Gromov 2023)
};

/// One entry a parameter of the layout, in its order.
struct ParameterInit {
  ParameterRole role = ParameterRole::weight;
  std::int64_t fan_in = 1;
};

struct InitPlan {
  InitScheme scheme = InitScheme::torch;
  double scale = 1.0;           ///< multiplies every parameter, LayerNorm gains included (Omnigrok's alpha)
  std::int64_t width = 1;       ///< nanda: d_model
  std::int64_t vocabulary = 1;  ///< nanda: d_vocab
  std::vector<ParameterInit> parameters;
};

/// default | nanda | power | gromov | torch; `fallback` is what "default" means for the model that asks.
Result<InitScheme> init_scheme_from(const std::string& name, InitScheme fallback);

/// (total) float32, drawn in the order of the layout from RandomStream(seed, "init").
at::Tensor draw_parameters(const ParameterLayout& layout, const InitPlan& plan, std::uint64_t seed);

}  // namespace grokscope
