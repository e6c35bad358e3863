// What may happen to a gradient between the backward pass and the update rule: L1, clipping, Grokfast, ⊥Grad.
// Not the update rule itself (step/optimizer.h) and not noise (step/noise.h). at:: operations on the flat
// vector, on any device, on the stepping thread alone: nothing depends on the number of threads.
#pragma once

#include "grokscope_aten.h"
#include "model/parameters.h"
#include "train/step/gradient_filter.h"

namespace grokscope {

/// g += l1 · sign(θ), the subgradient of l1 · Σ|θ| that is 0 at θ = 0 (Tibshirani 1996).
void add_l1(double l1, const at::Tensor& flat, at::Tensor& gradient);

/// g *= longest / ‖g‖ if ‖g‖ > longest: one norm over all parameters (Pascanu et al. 2013).
void clip_gradient(double longest, at::Tensor& gradient);

/// ⊥Grad of Prieto et al. 2025 (§5): for each tensor, g⊥ = g − (θ·g / θ·θ) θ, rescaled to ‖g‖. A tensor of
/// zeros keeps its gradient; one whose gradient lies along the weights up to rounding (a single number always
/// does) gets 0, because what is left has no direction.
void drop_radial_part(const ParameterLayout& layout, const at::Tensor& flat, at::Tensor& gradient);

/// Grokfast (Lee et al. 2024, Algorithms 1 and 2, as in their code), with λ the filter strength:
///   grokfast_ema: μ = αμ + (1 − α)g, where μ begins as the first gradient;  g += λμ
///   grokfast_ma:  g += λ · mean of the last w gradients, this one included, once there are w of them
void apply_filter(GradientFilter& filter, const OptimizerConfig& config, at::Tensor& gradient);

/// Live tensors for checkpoints: "filter.seen" and "filter.average", or "filter.window" with "filter.sum";
/// none without a filter.
NamedTensors filter_state(GradientFilter& filter);

}  // namespace grokscope
