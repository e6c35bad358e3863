// The update rules, the first three as PyTorch defines them. With g the gradient, η the rate, λ the weight
// decay, t = step + 1:
//   sgd:   g += λθ;  m = μm + g;  θ -= ηm
//   adam:  g += λθ;  m = β₁m + (1-β₁)g;  v = β₂v + (1-β₂)g²;  θ -= η · m/(1-β₁ᵗ) / (√(v/(1-β₂ᵗ)) + ε)
//   adamw: θ -= ηλθ, then as adam without λ
//   muon:  muon.h for matrices between embedding and readout, adamw for the rest
// With decay_towards = initialisation λ(θ - θ₀) stands for λθ (Power et al. 2022, Figure 2). After it, if
// clamp_norm > 0, θ *= clamp_norm · ‖θ₀‖/‖θ‖ (Omnigrok: moments untouched).
#include "train/step/optimizer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "data/host_tensor.h"
#include "train/kernels/rows.h"
#include "train/step/noise.h"
#include "train/step/tensor_tools.h"
#include "train/step/torch_optimizer.h"

namespace grokscope {
namespace {

template <typename Scalar>
fused::UpdateFactors<Scalar> factors_of(const UpdateRule& rule) {
  const bool decoupled = decays_weights(rule.kind);
  fused::UpdateFactors<Scalar> factors;
  factors.keep = decoupled ? static_cast<Scalar>(1.0 - rule.rate * rule.weight_decay) : Scalar{1};
  factors.l2 = decoupled ? Scalar{0} : static_cast<Scalar>(rule.weight_decay);
  factors.beta1 = static_cast<Scalar>(rule.beta1);
  factors.beta2 = static_cast<Scalar>(rule.beta2);
  factors.rest1 = static_cast<Scalar>(1.0 - rule.beta1);
  factors.rest2 = static_cast<Scalar>(1.0 - rule.beta2);
  factors.adam_rate = static_cast<Scalar>(rule.rate / rule.correction1);
  factors.root = static_cast<Scalar>(1.0 / std::sqrt(rule.correction2));
  factors.epsilon = static_cast<Scalar>(rule.epsilon);
  factors.rate = static_cast<Scalar>(rule.rate);
  factors.momentum = static_cast<Scalar>(rule.momentum);
  return factors;
}

/// On the CPU, a share of one worker. Element by element, so the cut changes nothing.
template <typename Scalar>
void cpu_update(const UpdateRule& rule, const fused::CommonKernels<Scalar>& rows, std::int64_t count,
                Scalar* weights, const Scalar* slopes, Scalar* first, Scalar* second) {
  const fused::UpdateFactors<Scalar> factors = factors_of<Scalar>(rule);
  switch (rule.kind) {  // no default: the compiler names a kind that is missing
    case OptimizerKind::sgd:
      return rows.sgd(factors, count, weights, slopes, first);
    case OptimizerKind::adam:
    case OptimizerKind::adamw:
    case OptimizerKind::muon:  // what is no matrix
      return rows.adam(factors, count, weights, slopes, first, second);
  }
}

}  // namespace

Result<Optimizer> Optimizer::make(const OptimizerConfig& config, ParameterLayout layout, std::uint64_t seed,
                                  const at::Tensor& flat) {
  if (const auto kind = optimizer_kind_from(config.kind); !kind) return kind.error();
  if (const auto filter = gradient_filter_from(config.gradient_filter); !filter) return filter.error();
  if (config.decay_towards != "zero" && config.decay_towards != "initialisation") {
    return usage_error("optimizer.decay_towards '" + config.decay_towards +
                       "' is unknown: use zero or initialisation");
  }
  return Optimizer(config, std::move(layout), seed, flat);
}

Optimizer::Optimizer(const OptimizerConfig& config, ParameterLayout layout, std::uint64_t seed,
                     const at::Tensor& flat)
    : config_(config),
      kind_(*optimizer_kind_from(config.kind)),
      layout_(std::make_shared<const ParameterLayout>(std::move(layout))),
      seed_(seed),
      filter_{.kind = *gradient_filter_from(config.gradient_filter),
              .window_length = config.filter_window,
              .options = flat.options(),
              .total = flat.numel()},
      first_(zeros_like_it(flat)),
      second_(zeros_like_it(flat)),
      initial_norm_(host_tensor({1}, at::kDouble)) {
  *host_data<double>(initial_norm_) = norm_of(flat);
  if (config.decay_towards == "initialisation") initial_ = copy_of(flat);
  divide_into_parts();
}

void Optimizer::set(const OptimizerConfig& config) {
  const std::string kind = config_.kind;
  config_ = config;
  config_.kind = kind;  // the parts and the moments belong to it
}

/// Neighbours of one kind become one part; a matrix for muon stays alone.
void Optimizer::divide_into_parts() {
  for (const ParameterSpec& spec : layout_->specs()) {
    const Part part{spec.offset, spec.offset + spec.size, is_embedding(spec),
                    kind_ == OptimizerKind::muon && is_inner_matrix(spec) ? &spec : nullptr};
    const bool joins = !parts_.empty() && parts_.back().embedding == part.embedding &&
                       parts_.back().matrix == nullptr && part.matrix == nullptr;
    if (joins) {
      parts_.back().end = part.end;
    } else {
      parts_.push_back(part);
    }
  }
}

std::vector<Optimizer::RuledPart> Optimizer::ruled_parts(std::int64_t step) const {
  const UpdateRule rule = update_rule(config_, step);
  const bool alike = config_.embedding_learning_rate == 0.0 && config_.embedding_weight_decay == 1.0;
  if (alike && kind_ != OptimizerKind::muon) {
    return {RuledPart{Part{0, layout_->total(), false, nullptr}, rule}};
  }
  UpdateRule embedding = rule;
  if (config_.embedding_learning_rate > 0.0) {
    embedding.rate = config_.embedding_learning_rate * rate_factor(step, config_);
  }
  embedding.weight_decay *= config_.embedding_weight_decay;
  std::vector<RuledPart> ruled;
  for (const Part& part : parts_) ruled.push_back({part, part.embedding ? embedding : rule});
  return ruled;
}

void Optimizer::shake_weights(std::int64_t step, at::Tensor& flat, Team* team) {
  if (!shakes_weights()) return;
  calm_ = copy_of(flat);
  add_noise({seed_, "weight noise", step}, config_.weight_noise, flat, team);
}

void Optimizer::prepare_gradient(std::int64_t step, const at::Tensor& flat, at::Tensor& gradient,
                                 Team* team) {
  if (config_.gradient_noise > 0.0) {
    add_noise({seed_, "gradient noise", step}, config_.gradient_noise, gradient, team);
  }
  if (config_.l1 > 0.0) torch_optimizer().add_l1(config_.l1, flat, gradient);
  if (config_.gradient_clip > 0.0) torch_optimizer().clip_gradient(config_.gradient_clip, gradient);
  if (filter_.on()) torch_optimizer().apply_filter(filter_, config_, gradient);
  if (config_.orthogonal_gradient) torch_optimizer().drop_radial_part(*layout_, flat, gradient);
}

void Optimizer::step(std::int64_t step, at::Tensor& flat, at::Tensor gradient, Team* team) {
  if (calm_.defined()) copy_into(flat, std::exchange(calm_, at::Tensor()));
  prepare_gradient(step, flat, gradient, team);
  const std::vector<RuledPart> parts = ruled_parts(step);
  const bool decoupled = decays_weights(kind_);
  if (initial_.defined() && !decoupled) pull_to_start(parts, decoupled, gradient);
  update(parts, flat, gradient, team);
  if (initial_.defined() && decoupled) pull_to_start(parts, decoupled, flat);
  if (config_.clamp_norm > 0.0) clamp(flat);
}

/// The half of λ(θ - θ₀) that the update rule does not know: -λθ₀ in the gradient, or +ηλθ₀ in the weights.
void Optimizer::pull_to_start(const std::vector<RuledPart>& parts, bool decoupled, at::Tensor& target) const {
  for (const auto& [part, rule] : parts) {
    const std::int64_t size = part.end - part.begin;
    const double factor = decoupled ? rule.rate * rule.weight_decay : -rule.weight_decay;
    torch_optimizer().pull_part(target, initial_, part.begin, size, factor);
  }
}

void Optimizer::update(const std::vector<RuledPart>& parts, at::Tensor& flat, const at::Tensor& gradient,
                       Team* team) {
  for (const RuledPart& ruled : parts) {
    if (ruled.part.matrix != nullptr)
      torch_optimizer().update_matrix(ruled.rule, *ruled.part.matrix, flat, gradient, first_);
  }
  if (!flat.is_cpu()) {
    for (const auto& [part, rule] : parts) {
      if (part.matrix != nullptr) continue;
      torch_optimizer().update_on_device(rule, part.begin, part.end - part.begin, flat, gradient, first_,
                                         second_);
    }
    return;
  }
  with_number_of(flat.scalar_type(),
                 [&](auto number) { update_here<decltype(number)>(parts, flat, gradient, team); });
}

template <typename Scalar>
void Optimizer::update_here(const std::vector<RuledPart>& parts, at::Tensor& flat, const at::Tensor& gradient,
                            Team* team) {
  const fused::CommonKernels<Scalar> rows = fused::common_row_kernels<Scalar>();
  const std::int64_t size = flat.numel(), workers = team == nullptr ? 1 : team->size();
  auto* weights = host_data<Scalar>(flat);
  const auto* slopes = host_data<Scalar>(gradient);
  auto *m = host_data<Scalar>(first_), *v = host_data<Scalar>(second_);
  const auto update_share = [&](int worker) {
    const std::int64_t from = size * worker / workers, to = size * (worker + 1) / workers;
    for (const auto& [part, rule] : parts) {
      const std::int64_t begin = std::max(from, part.begin), count = std::min(to, part.end) - begin;
      if (part.matrix != nullptr || count <= 0) continue;
      cpu_update<Scalar>(rule, rows, count, weights + begin, slopes + begin, m + begin, v + begin);
    }
  };
  if (team == nullptr) return update_share(0);
  team->run(update_share);
}

void Optimizer::clamp(at::Tensor& flat) const {
  const double wanted = config_.clamp_norm * *host_data<double>(initial_norm_);
  if (!flat.is_cpu()) return torch_optimizer().clamp_on_device(flat, wanted);
  const double norm = norm_of(flat);
  if (norm > 0.0) scale(flat, wanted / norm);
}

NamedTensors Optimizer::state() {
  NamedTensors tensors = {{"optimizer.first_moment", first_},
                          {"optimizer.second_moment", second_},
                          {"optimizer.initial_norm", initial_norm_}};
  if (initial_.defined()) tensors.emplace_back("optimizer.initial_weights", initial_);
  if (!filter_.on()) return tensors;
  for (auto& remembered : torch_optimizer().filter_state(filter_)) tensors.push_back(std::move(remembered));
  return tensors;
}

}  // namespace grokscope
