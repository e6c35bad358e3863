#include "train/torch_side/gradient_filters.h"

namespace grokscope {
namespace {

/// Below this share of ‖g‖ what ⊥Grad leaves is rounding of the gradient.
double radial_rounding(const at::Tensor& gradient) {
  return gradient.scalar_type() == at::kDouble ? 1e-14 : 1e-6;
}

at::Tensor dot_in_double(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) * b.to(at::kDouble)).sum();  // ()
}

void allocate(GradientFilter& filter) {
  if (!filter.on() || filter.seen.defined()) return;
  filter.seen = at::zeros({1}, at::kLong);
  if (filter.kind == GradientFilterKind::grokfast_ema) {
    filter.average = at::zeros({filter.total}, filter.options);
  } else {
    filter.window = at::zeros({filter.window_length, filter.total}, filter.options);
    filter.sum = at::zeros({filter.total}, filter.options.dtype(at::kDouble));
  }
}

}  // namespace

void add_l1(double l1, const at::Tensor& flat, at::Tensor& gradient) {
  gradient.add_(flat.sign(), l1);
}

void clip_gradient(double longest, at::Tensor& gradient) {
  const at::Tensor norm = dot_in_double(gradient, gradient).sqrt();  // (), stays on the device
  gradient.mul_((longest / norm).clamp_max(1.0).to(gradient.scalar_type()));
}

void drop_radial_part(const ParameterLayout& layout, const at::Tensor& flat, at::Tensor& gradient) {
  for (const ParameterSpec& spec : layout.specs()) {
    const at::Tensor weights = flat.narrow(0, spec.offset, spec.size).to(at::kDouble);
    at::Tensor target = gradient.narrow(0, spec.offset, spec.size);
    const at::Tensor g = target.to(at::kDouble);
    const at::Tensor share = (weights * g).sum() / weights.square().sum().clamp_min(1e-30);
    const at::Tensor rest = g - share * weights;
    const at::Tensor length = g.square().sum().sqrt(), left = rest.square().sum().sqrt();
    const at::Tensor scale =
        at::where(left > radial_rounding(gradient) * length, length / left, at::zeros_like(left));
    target.copy_(rest * scale);
  }
}

void apply_filter(GradientFilter& filter, const OptimizerConfig& config, at::Tensor& gradient) {
  allocate(filter);
  std::int64_t& seen = filter.seen.data_ptr<std::int64_t>()[0];
  if (filter.kind == GradientFilterKind::grokfast_ema) {
    if (seen == 0) {
      filter.average.copy_(gradient);
    } else {
      filter.average.mul_(config.filter_memory).add_(gradient, 1.0 - config.filter_memory);
    }
    gradient.add_(filter.average, config.filter_strength);
  } else {
    at::Tensor oldest =
        filter.window.select(0, seen % filter.window_length);  // zeros until the window is full
    filter.sum.sub_(oldest.to(at::kDouble)).add_(gradient.to(at::kDouble));
    oldest.copy_(gradient);
    if (seen + 1 >= filter.window_length) {
      const at::Tensor mean = filter.sum / static_cast<double>(filter.window_length);
      gradient.add_(mean.to(gradient.scalar_type()), config.filter_strength);
    }
  }
  seen += 1;
}

NamedTensors filter_state(GradientFilter& filter) {
  allocate(filter);
  if (!filter.on()) return {};
  if (filter.kind == GradientFilterKind::grokfast_ema) {
    return {{"filter.seen", filter.seen}, {"filter.average", filter.average}};
  }
  return {{"filter.seen", filter.seen}, {"filter.window", filter.window}, {"filter.sum", filter.sum}};
}

}  // namespace grokscope
