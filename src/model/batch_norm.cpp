#include "model/batch_norm.h"

#include "model/cnn1d_shape.h"

namespace grokscope {
namespace {

constexpr const char* kRunningVariance = ".running_var";

}  // namespace

BatchNorm add_batch_norm(const std::string& name, std::int64_t channels, InitPlan& plan,
                         ParameterLayout& parameters, ParameterLayout& buffers) {
  plan.parameters.push_back({ParameterRole::norm_gain, channels});
  plan.parameters.push_back({ParameterRole::norm_shift, channels});
  BatchNorm norm;
  norm.gain = parameters.add(name + ".w", {channels});
  norm.shift = parameters.add(name + ".b", {channels});
  norm.mean = buffers.add(name + ".running_mean", {channels});
  norm.variance = buffers.add(name + kRunningVariance, {channels});
  return norm;
}

at::Tensor batch_norm(const BatchNorm& norm, const ParameterViews& views, const Batch& batch,
                      const at::Tensor& x) {
  const auto buffer = [&](int index) { return batch.buffers.at(static_cast<std::size_t>(index)); };
  const auto view = [&](int index) { return views[static_cast<std::size_t>(index)]; };
  return at::batch_norm(x, view(norm.gain), view(norm.shift), buffer(norm.mean), buffer(norm.variance),
                        batch.training, kBatchNormMomentum, kBatchNormEpsilon, /*cudnn_enabled=*/true);
}

at::Tensor first_running_statistics(const ParameterLayout& layout) {
  at::Tensor flat = at::zeros({layout.total()}, at::kFloat);
  for (const ParameterSpec& spec : layout.specs()) {
    if (spec.name.ends_with(kRunningVariance)) flat.narrow(0, spec.offset, spec.size).fill_(1.0);
  }
  return flat;
}

}  // namespace grokscope
