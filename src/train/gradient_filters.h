// What may happen to a gradient between the backward pass and the update rule: L1, clipping, Grokfast, ⊥Grad.
// Not the update rule itself (optimizer.h) and not noise (noise.h). at:: operations on the flat vector, on
// any device, reached through train/torch_side.h, on the stepping thread alone: nothing depends on the number
// of threads.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"
#include "grokscope_aten.h"
#include "model/parameters.h"

namespace grokscope {

/// g += l1 · sign(θ), the subgradient of l1 · Σ|θ| that is 0 at θ = 0 (Tibshirani 1996).
void add_l1(double l1, const at::Tensor& flat, at::Tensor& gradient);

/// g *= longest / ‖g‖ if ‖g‖ > longest: one norm over all parameters (Pascanu et al. 2013).
void clip_gradient(double longest, at::Tensor& gradient);

/// ⊥Grad of Prieto et al. 2025 (§5): for each tensor, g⊥ = g − (θ·g / θ·θ) θ, rescaled to ‖g‖. A tensor of
/// zeros keeps its gradient; one whose gradient lies along the weights up to rounding (a single number always
/// does) gets 0, because what is left has no direction.
void drop_radial_part(const ParameterLayout& layout, const at::Tensor& flat, at::Tensor& gradient);

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

enum class GradientFilterKind { none, grokfast_ema, grokfast_ma };

/// none | grokfast_ema | grokfast_ma.
inline Result<GradientFilterKind> gradient_filter_from(const std::string& name) {
  if (name == "none") return GradientFilterKind::none;
  if (name == "grokfast_ema") return GradientFilterKind::grokfast_ema;
  if (name == "grokfast_ma") return GradientFilterKind::grokfast_ma;
  return usage_error("optimizer.gradient_filter '" + name +
                     "' is unknown: use none, grokfast_ema or grokfast_ma");
}

/// Grokfast (Lee et al. 2024, Algorithms 1 and 2, as in their code), with λ the filter strength:
///   grokfast_ema: μ = αμ + (1 − α)g, where μ begins as the first gradient;  g += λμ
///   grokfast_ma:  g += λ · mean of the last w gradients, this one included, once there are w of them
class GradientFilter {
 public:
  GradientFilter() = default;
  /// Memory is taken at the first use: the window of grokfast_ma is w times the weights.
  GradientFilter(GradientFilterKind kind, std::int64_t window, const at::Tensor& flat)
      : kind_(kind), window_length_(window), options_(flat.options()), total_(flat.numel()) {}

  bool on() const { return kind_ != GradientFilterKind::none; }
  void apply(const OptimizerConfig& config, at::Tensor& gradient);
  /// Live tensors for checkpoints: "filter.seen" (1) int64 on the CPU, and "filter.average" (total) float32
  /// or "filter.window" (window, total) float32 with "filter.sum" (total) float64.
  NamedTensors state();

 private:
  void allocate();

  GradientFilterKind kind_ = GradientFilterKind::none;
  std::int64_t window_length_ = 0;
  at::TensorOptions options_;
  std::int64_t total_ = 0;
  at::Tensor seen_, average_, window_, sum_;
};

}  // namespace grokscope
