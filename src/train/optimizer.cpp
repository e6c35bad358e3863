// The three update rules, as PyTorch defines them. With g the gradient, η the rate, λ the weight decay, t =
// step + 1:
//   sgd:   g += λθ;  m = μm + g;  θ -= ηm
//   adam:  g += λθ;  m = β₁m + (1-β₁)g;  v = β₂v + (1-β₂)g²;  θ -= η · m/(1-β₁ᵗ) / (√(v/(1-β₂ᵗ)) + ε)
//   adamw: θ -= ηλθ, then as adam without λ
// and after it, if clamp_norm > 0, θ *= clamp_norm · ‖θ₀‖/‖θ‖ (Omnigrok: moments untouched).
#include "train/optimizer.h"

#include <algorithm>
#include <cmath>

#include "train/fused/rows.h"

namespace grokscope {
namespace {

fused::UpdateFactors factors_of(const UpdateRule& rule) {
  const bool decoupled = rule.kind == OptimizerKind::adamw;
  fused::UpdateFactors factors;
  factors.keep = decoupled ? static_cast<float>(1.0 - rule.rate * rule.weight_decay) : 1.0f;
  factors.l2 = decoupled ? 0.0f : static_cast<float>(rule.weight_decay);
  factors.beta1 = static_cast<float>(rule.beta1);
  factors.beta2 = static_cast<float>(rule.beta2);
  factors.rest1 = static_cast<float>(1.0 - rule.beta1);
  factors.rest2 = static_cast<float>(1.0 - rule.beta2);
  factors.adam_rate = static_cast<float>(rule.rate / rule.correction1);
  factors.root = static_cast<float>(1.0 / std::sqrt(rule.correction2));
  factors.epsilon = static_cast<float>(rule.epsilon);
  factors.rate = static_cast<float>(rule.rate);
  factors.momentum = static_cast<float>(rule.momentum);
  return factors;
}

/// On the CPU, shared out among the team. Element by element, so the cut changes nothing.
void cpu_update(const UpdateRule& rule, at::Tensor& flat, const at::Tensor& gradient, at::Tensor& first,
                at::Tensor& second, Team* team) {
  const fused::RowKernels rows = fused::row_kernels();
  const fused::UpdateFactors factors = factors_of(rule);
  const std::int64_t size = flat.numel(), workers = team == nullptr ? 1 : team->size();
  auto* weights = flat.data_ptr<float>();
  const auto* slopes = gradient.data_ptr<float>();
  auto *m = first.data_ptr<float>(), *v = second.data_ptr<float>();
  const auto update_share = [&](int worker) {
    const std::int64_t from = size * worker / workers, count = size * (worker + 1) / workers - from;
    if (rule.kind == OptimizerKind::sgd) {
      rows.sgd(factors, count, weights + from, slopes + from, m + from);
    } else {
      rows.adam(factors, count, weights + from, slopes + from, m + from, v + from);
    }
  };
  if (team == nullptr) return update_share(0);
  team->run(update_share);
}

/// The same rules with at:: operations, for tensors on a device.
void device_update(const UpdateRule& rule, at::Tensor& flat, const at::Tensor& gradient, at::Tensor& first,
                   at::Tensor& second) {
  const bool decoupled = rule.kind == OptimizerKind::adamw;
  const at::Tensor g = decoupled ? gradient : gradient + flat * rule.weight_decay;
  if (rule.kind == OptimizerKind::sgd) {
    first.mul_(rule.momentum).add_(g);
    flat.sub_(first, rule.rate);
    return;
  }
  first.mul_(rule.beta1).add_(g, 1.0 - rule.beta1);
  second.mul_(rule.beta2).addcmul_(g, g, 1.0 - rule.beta2);
  const at::Tensor denominator = second.sqrt().div_(std::sqrt(rule.correction2)).add_(rule.epsilon);
  if (decoupled) flat.mul_(1.0 - rule.rate * rule.weight_decay);
  flat.addcdiv_(first, denominator, -rule.rate / rule.correction1);
}

}  // namespace

Result<OptimizerKind> optimizer_kind_from(const std::string& name) {
  if (name == "sgd") return OptimizerKind::sgd;
  if (name == "adam") return OptimizerKind::adam;
  if (name == "adamw") return OptimizerKind::adamw;
  return usage_error("optimizer.kind '" + name + "' is unknown: use sgd, adam or adamw");
}

double warmup_factor(std::int64_t step, std::int64_t warmup_steps) {
  if (warmup_steps <= 0) return 1.0;
  return std::min(static_cast<double>(step) / static_cast<double>(warmup_steps), 1.0);
}

UpdateRule update_rule(const OptimizerConfig& config, std::int64_t step) {
  UpdateRule rule;
  if (const auto kind = optimizer_kind_from(config.kind)) rule.kind = *kind;
  const auto t = static_cast<double>(step + 1);
  rule.rate = config.learning_rate * warmup_factor(step, config.warmup_steps);
  rule.weight_decay = config.weight_decay;
  rule.beta1 = config.beta1;
  rule.beta2 = config.beta2;
  rule.epsilon = config.epsilon;
  rule.momentum = config.momentum;
  rule.correction1 = 1.0 - std::pow(config.beta1, t);
  rule.correction2 = 1.0 - std::pow(config.beta2, t);
  return rule;
}

Result<Optimizer> Optimizer::make(const OptimizerConfig& config, const at::Tensor& flat) {
  if (const auto kind = optimizer_kind_from(config.kind); !kind) return kind.error();
  return Optimizer(config, flat);
}

Optimizer::Optimizer(const OptimizerConfig& config, const at::Tensor& flat)
    : config_(config),
      first_(at::zeros_like(flat)),
      second_(at::zeros_like(flat)),
      initial_norm_(at::full({1}, norm_of(flat), at::kDouble)) {}

void Optimizer::step(std::int64_t step, at::Tensor& flat, const at::Tensor& gradient, Team* team) {
  const UpdateRule rule = update_rule(config_, step);
  if (flat.is_cpu()) {
    cpu_update(rule, flat, gradient, first_, second_, team);
  } else {
    device_update(rule, flat, gradient, first_, second_);
  }
  if (config_.clamp_norm > 0.0) clamp(flat);
}

void Optimizer::clamp(at::Tensor& flat) const {
  const double wanted = config_.clamp_norm * initial_norm_.data_ptr<double>()[0];
  if (!flat.is_cpu()) {  // no reading back: the norm stays on the device
    flat.mul_(wanted / flat.norm().clamp_min(1e-30));
    return;
  }
  const double norm = norm_of(flat);
  if (!(norm > 0.0)) return;
  const auto factor = static_cast<float>(wanted / norm);
  float* weights = flat.data_ptr<float>();
  const std::int64_t size = flat.numel();
  for (std::int64_t i = 0; i < size; ++i) weights[i] *= factor;
}

std::vector<std::pair<std::string, at::Tensor>> Optimizer::state() const {
  return {{"optimizer.first_moment", first_},
          {"optimizer.second_moment", second_},
          {"optimizer.initial_norm", initial_norm_}};
}

double norm_of(const at::Tensor& flat) {
  const at::Tensor values = flat.detach().to(at::kCPU, at::kFloat).contiguous();
  const float* x = values.data_ptr<float>();
  const std::int64_t size = values.numel();
  constexpr std::int64_t kLanes = 8;  // independent sums, so that the compiler may vectorise
  double sums[kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const double value = x[i + lane];
      sums[lane] += value * value;
    }
  }
  for (; i < size; ++i) sums[0] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  double total = 0.0;
  for (const double sum : sums) total += sum;
  return std::sqrt(total);
}

}  // namespace grokscope
