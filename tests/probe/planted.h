// Hand-made task and model with planted weights, so that what a probe must see is known in closed form.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "probe/probe.h"

namespace grokscope::planted {

/// a + b mod p, pairs in the order of a * p + b.
inline std::shared_ptr<Dataset> addition(std::int64_t p) {
  auto data = std::make_shared<Dataset>();
  data->title = "a + b mod " + std::to_string(p);
  data->left_tokens = data->right_tokens = data->token_count = data->class_count = p;
  data->pool_size = p * p;
  inputs_as<PairInputs>(data->inputs).pairs = at::empty({p * p, 2}, at::kLong);
  data->targets = at::empty({p * p}, at::kLong);
  for (std::int64_t a = 0; a < p; ++a) {
    for (std::int64_t b = 0; b < p; ++b) {
      inputs_as<PairInputs>(data->inputs).pairs[a * p + b][0] = a;
      inputs_as<PairInputs>(data->inputs).pairs[a * p + b][1] = b;
      data->targets[a * p + b] = (a + b) % p;
    }
  }
  data->train_targets = data->targets;
  data->cyclic_order = p;
  data->is_modular_addition = true;
  return data;
}

/// Every example's index.
inline std::vector<std::int64_t> all_of(const ProbeInput& input) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(input.data->pool_size));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
  return all;
}

/// One parameter tensor. Undefined members of `weights` mean what they mean in ReadableWeights; the planted
/// logits of example i are scale * table[i], where scale is the first parameter: losses along a ray have
/// closed forms.
class PlantedModel : public Model {
 public:
  explicit PlantedModel(std::int64_t parameters) { layout_.add("planted", {parameters}); }
  ReadableWeights weights;
  at::Tensor table;   // (example, class)
  at::Tensor offset;  // (example, class), added unscaled; may be undefined
  Taps planted_taps;
  std::int64_t pair_stride = 0;  // example = a * pair_stride + b

  at::Tensor initial_parameters(std::uint64_t) const override { return at::ones({layout_.total()}); }
  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override {
    if (taps != nullptr) *taps = planted_taps;
    const bool has_numbers = kind_of(batch.inputs) != InputKind::pairs;
    if (!table.defined())
      return at::zeros({has_numbers ? rows_of_numbers(batch.inputs).size(0)
                                    : inputs_as<PairInputs>(batch.inputs).pairs.size(0),
                        10});
    const at::Tensor index =
        has_numbers
            ? rows_of_numbers(batch.inputs).select(1, 0).round().to(at::kLong)  // pixel 0 names the example
            : inputs_as<PairInputs>(batch.inputs).pairs.select(1, 0) * pair_stride +
                  inputs_as<PairInputs>(batch.inputs).pairs.select(1, 1);
    const at::Tensor scaled = table.index_select(0, index) * views[0][0].to(table.scalar_type());
    return offset.defined() ? scaled + offset.index_select(0, index) : scaled;
  }
  ReadableWeights readable(const ParameterViews&) const override { return weights; }
};

inline ProbeInput input_of(std::shared_ptr<Dataset> data, std::shared_ptr<PlantedModel> model,
                           std::int64_t train_count) {
  ProbeInput input;
  input.split = std::make_shared<Split>(data->pool_size, data->held_out, 7, train_count);
  input.data = std::move(data);
  input.model = model;
  input.flat = model->initial_parameters(0);
  input.config.seed = 7;
  input.step = 42;
  return input;
}

struct Wave {
  std::int64_t frequency;
  double cosine, sine;  // amplitudes along two features of their own
};

/// (p, 2 * waves): token n -> (c cos(w n), s sin(w n)) for each wave, double.
inline at::Tensor waves(std::int64_t p, const std::vector<Wave>& parts) {
  at::Tensor matrix = at::zeros({p, 2 * static_cast<std::int64_t>(parts.size())}, at::kDouble);
  double* value = matrix.data_ptr<double>();
  for (std::int64_t n = 0; n < p; ++n) {
    for (const Wave& part : parts) {
      const double angle =
          2.0 * std::numbers::pi * static_cast<double>(part.frequency * n % p) / static_cast<double>(p);
      *value++ = part.cosine * std::cos(angle);
      *value++ = part.sine * std::sin(angle);
    }
  }
  return matrix;
}

inline double value(const Frame& frame, const std::string& name) {
  const auto found = frame.scalars.find(name);
  return found == frame.scalars.end() ? std::nan("") : found->second;
}

inline Array array(const Frame& frame, const std::string& name) {
  const auto found = frame.arrays.find(name);
  return found == frame.arrays.end() ? Array{} : found->second;
}

inline bool same(const Frame& a, const Frame& b) {
  if (a.scalars != b.scalars || a.texts != b.texts || a.not_applicable != b.not_applicable) return false;
  return std::equal(
      a.arrays.begin(), a.arrays.end(), b.arrays.begin(), b.arrays.end(), [](const auto& x, const auto& y) {
        return x.first == y.first && x.second.shape == y.second.shape && x.second.values == y.second.values;
      });
}

}  // namespace grokscope::planted
