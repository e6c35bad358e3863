#include "train/gradient_filters.h"

namespace grokscope {
namespace {

// Below this share of ‖g‖ what ⊥Grad leaves is rounding of float32.
constexpr double kRadialRounding = 1e-6;

at::Tensor dot_in_double(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) * b.to(at::kDouble)).sum();  // ()
}

}  // namespace

void add_l1(double l1, const at::Tensor& flat, at::Tensor& gradient) {
  gradient.add_(flat.sign(), l1);
}

void clip_gradient(double longest, at::Tensor& gradient) {
  const at::Tensor norm = dot_in_double(gradient, gradient).sqrt();  // (), stays on the device
  gradient.mul_((longest / norm).clamp_max(1.0).to(at::kFloat));
}

void drop_radial_part(const ParameterLayout& layout, const at::Tensor& flat, at::Tensor& gradient) {
  for (const ParameterSpec& spec : layout.specs()) {
    const at::Tensor weights = flat.narrow(0, spec.offset, spec.size).to(at::kDouble);
    at::Tensor target = gradient.narrow(0, spec.offset, spec.size);
    const at::Tensor g = target.to(at::kDouble);
    const at::Tensor share = (weights * g).sum() / weights.square().sum().clamp_min(1e-30);
    const at::Tensor rest = g - share * weights;
    const at::Tensor length = g.square().sum().sqrt(), left = rest.square().sum().sqrt();
    const at::Tensor scale = at::where(left > kRadialRounding * length, length / left, at::zeros_like(left));
    target.copy_(rest * scale);
  }
}

void GradientFilter::allocate() {
  if (!on() || seen_.defined()) return;
  seen_ = at::zeros({1}, at::kLong);
  if (kind_ == GradientFilterKind::grokfast_ema) {
    average_ = at::zeros({total_}, options_);
  } else {
    window_ = at::zeros({window_length_, total_}, options_);
    sum_ = at::zeros({total_}, options_.dtype(at::kDouble));
  }
}

void GradientFilter::apply(const OptimizerConfig& config, at::Tensor& gradient) {
  allocate();
  std::int64_t& seen = seen_.data_ptr<std::int64_t>()[0];
  if (kind_ == GradientFilterKind::grokfast_ema) {
    if (seen == 0) {
      average_.copy_(gradient);
    } else {
      average_.mul_(config.filter_memory).add_(gradient, 1.0 - config.filter_memory);
    }
    gradient.add_(average_, config.filter_strength);
  } else {
    at::Tensor oldest = window_.select(0, seen % window_length_);  // zeros until the window is full
    sum_.sub_(oldest.to(at::kDouble)).add_(gradient.to(at::kDouble));
    oldest.copy_(gradient);
    if (seen + 1 >= window_length_) {
      gradient.add_((sum_ / static_cast<double>(window_length_)).to(at::kFloat), config.filter_strength);
    }
  }
  seen += 1;
}

NamedTensors GradientFilter::state() {
  allocate();
  if (!on()) return {};
  if (kind_ == GradientFilterKind::grokfast_ema) {
    return {{"filter.seen", seen_}, {"filter.average", average_}};
  }
  return {{"filter.seen", seen_}, {"filter.window", window_}, {"filter.sum", sum_}};
}

}  // namespace grokscope
