// The transformer written the plain way: every position of every example, causal mask, parameters by name. It
// shares no code with src/model and is what the table version must equal.
#pragma once

#include <cmath>
#include <limits>
#include <string>

#include "model/toy.h"

namespace grokscope::toy {

struct PlainTransformer {
  const RunConfig& config;
  const Model& model;
  const ParameterViews& views;

  at::Tensor get(const std::string& name) const { return named(model, views, name); }

  at::Tensor norm(const at::Tensor& x, const std::string& name) const {
    const at::Tensor mean = x.mean(-1, true);
    const at::Tensor variance = (x - mean).square().mean(-1, true);
    return (x - mean) / (variance + 1e-5).sqrt() * get(name + ".w") + get(name + ".b");
  }

  at::Tensor positions(std::int64_t length) const {
    if (config.model.positions == "learned") return get("embed.W_pos").narrow(0, 0, length);
    at::Tensor table = at::zeros({length, config.model.width}, at::kDouble);
    for (std::int64_t j = 0; j < length; ++j) {
      for (std::int64_t i = 0; i < config.model.width; ++i) {
        const double exponent =
            static_cast<double>(i % 2 == 0 ? i : i - 1) / static_cast<double>(config.model.width);
        const double angle = static_cast<double>(j) / std::pow(10000.0, exponent);
        table.index_put_({j, i}, i % 2 == 0 ? std::sin(angle) : std::cos(angle));
      }
    }
    return table;
  }

  at::Tensor attention(const at::Tensor& x, const std::string& prefix) const {  // (example, position, width)
    const std::int64_t length = x.size(1), heads = config.model.heads, feature = config.model.width / heads;
    const auto split = [&](const char* name) {  // (example, head, position, feature)
      const at::Tensor projected = at::matmul(x, get(prefix + name));
      return projected.view({x.size(0), length, heads, feature}).transpose(1, 2);
    };
    at::Tensor scores = at::matmul(split("W_Q"), split("W_K").transpose(2, 3)) / std::sqrt(double(feature));
    const at::Tensor future = at::ones({length, length}, at::kBool).triu(1);
    scores = scores.masked_fill(future, -std::numeric_limits<double>::infinity());
    const at::Tensor mix = at::matmul(at::softmax(scores, -1), split("W_V")).transpose(1, 2);
    return at::matmul(mix.reshape({x.size(0), length, config.model.width}), get(prefix + "W_O"));
  }

  at::Tensor mlp(const at::Tensor& x, const std::string& prefix) const {
    at::Tensor before = at::matmul(x, get(prefix + "W_in"));
    if (config.model.bias) before = before + get(prefix + "b_in");
    const at::Tensor neurons = config.model.activation == "relu" ? at::relu(before) : at::gelu(before);
    const at::Tensor out = at::matmul(neurons, get(prefix + "W_out"));
    return config.model.bias ? out + get(prefix + "b_out") : out;
  }

  /// Logits at every position of `tokens` (example, position): (example, position, logit).
  at::Tensor logits(const at::Tensor& tokens) const {
    const bool pre = config.model.normalisation == "pre", post = config.model.normalisation == "post";
    at::Tensor x = get("embed.W_E").index({tokens}) + positions(tokens.size(1));
    for (std::int64_t i = 0; i < config.model.depth; ++i) {
      const std::string block = "blocks." + std::to_string(i) + ".";
      x = x + attention(pre ? norm(x, block + "ln1") : x, block + "attention.");
      if (post) x = norm(x, block + "ln1");
      x = x + mlp(pre ? norm(x, block + "ln2") : x, block + "mlp.");
      if (post) x = norm(x, block + "ln2");
    }
    if (pre) x = norm(x, "ln_final");
    return at::matmul(x, get("unembed.W_U"));
  }
};

/// a b =
inline at::Tensor equals_tokens(const Dataset& data) {
  const at::Tensor equals =
      at::full({inputs_as<PairInputs>(data.inputs).pairs.size(0), 1}, data.token_count, at::kLong);
  return at::cat({inputs_as<PairInputs>(data.inputs).pairs, equals}, 1);
}

/// <eos> a op b = c; answers share the operands' tokens when `shared`.
inline at::Tensor power_tokens(const Dataset& data, bool shared) {
  const std::int64_t n = inputs_as<PairInputs>(data.inputs).pairs.size(0),
                     operation = data.token_count + (shared ? 0 : data.class_count);
  const auto constant = [n](std::int64_t token) { return at::full({n, 1}, token, at::kLong); };
  const at::Tensor answers = (data.targets + (shared ? 0 : data.token_count)).unsqueeze(1);
  return at::cat(
      {constant(operation + 2), inputs_as<PairInputs>(data.inputs).pairs.narrow(1, 0, 1), constant(operation),
       inputs_as<PairInputs>(data.inputs).pairs.narrow(1, 1, 1), constant(operation + 1), answers},
      1);
}

}  // namespace grokscope::toy
