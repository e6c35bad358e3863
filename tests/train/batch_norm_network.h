// A small network with BatchNorm, for tests of what models may keep beside their weights; not an architecture
// of the program. Token embeddings of a and b are added, normalised over the batch, rectified and read out.
#pragma once

#include <memory>
#include <utility>

#include "base/random.h"
#include "model/model.h"

namespace grokscope {

class BatchNormNetwork final : public Model {
 public:
  BatchNormNetwork(std::int64_t tokens, std::int64_t width, std::int64_t classes) : width_(width) {
    embedding_ = layout_.add("embed.W", {tokens, width});
    readout_ = layout_.add("unembed.W", {width, classes});
    buffer_layout_.add("norm.mean", {width});
    buffer_layout_.add("norm.variance", {width});
  }

  at::Tensor initial_parameters(std::uint64_t seed) const override {
    at::Tensor flat = at::empty({layout_.total()}, at::kFloat);
    RandomStream random(seed, "batch norm network");
    for (std::int64_t i = 0; i < flat.numel(); ++i)
      flat.data_ptr<float>()[i] = static_cast<float>(random.normal());
    return flat;
  }
  at::Tensor initial_buffers() const override { return at::cat({at::zeros({width_}), at::ones({width_})}); }
  bool batch_is_one_piece() const override { return true; }

  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* /*taps*/) const override {
    const at::Tensor& W = views[static_cast<std::size_t>(embedding_)];
    const at::Tensor sum =
        at::embedding(W, inputs_as<PairInputs>(batch.inputs).pairs.select(1, 0).contiguous()) +
        at::embedding(
            W, inputs_as<PairInputs>(batch.inputs).pairs.select(1, 1).contiguous());  // (example, width)
    at::Tensor mean = batch.buffers[0], variance = batch.buffers[1];
    if (batch.training) {
      const at::Tensor batch_mean = sum.mean(0), batch_variance = sum.var(0, /*unbiased=*/false);
      {
        const at::NoGradGuard no_gradients;
        mean.lerp_(batch_mean.detach(), kMomentum);
        variance.lerp_(batch_variance.detach(), kMomentum);
      }
      return read_out(views, (sum - batch_mean) / (batch_variance + kEpsilon).sqrt());
    }
    return read_out(views, (sum - mean) / (variance + kEpsilon).sqrt());
  }
  ReadableWeights readable(const ParameterViews& /*views*/) const override { return {}; }

 private:
  static constexpr double kMomentum = 0.1, kEpsilon = 1e-5;
  at::Tensor read_out(const ParameterViews& views, const at::Tensor& x) const {
    return at::mm(at::relu(x), views[static_cast<std::size_t>(readout_)]);
  }

  std::int64_t width_;
  int embedding_ = 0, readout_ = 0;
};

}  // namespace grokscope
