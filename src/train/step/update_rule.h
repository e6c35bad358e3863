// What one optimizer update is, as numbers: kind, rate after warm-up and schedule, decay, bias correction.
// Torch-free; pure functions. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "config/run_config.h"

namespace grokscope {

enum class OptimizerKind { sgd, adam, adamw, muon };

/// Whether weight decay acts on the weights beside the gradient step.
bool decays_weights(OptimizerKind kind);

/// sgd | adam | adamw | muon.
Result<OptimizerKind> optimizer_kind_from(const std::string& name);

/// What one update needs, after warm-up, schedule and bias correction.
struct UpdateRule {
  OptimizerKind kind = OptimizerKind::adamw;
  double rate = 0.0;  ///< learning rate after warm-up and schedule
  double weight_decay = 0.0;
  double beta1 = 0.0, beta2 = 0.0, epsilon = 0.0, momentum = 0.0;
  double correction1 = 1.0, correction2 = 1.0;  ///< 1 - beta^t
};

/// min(step / warmup, 1), so the very first update has rate 0: what openai/grok and Nanda's code do. 1
/// without warm-up.
double warmup_factor(std::int64_t step, std::int64_t warmup_steps);

/// constant: 1; inverse_sqrt: 1 / sqrt(1 + floor(step / schedule_steps)) (Nakkiran et al. 2019, appendix).
double schedule_factor(std::int64_t step, const OptimizerConfig& config);

/// What every learning rate of `step` is multiplied by: warm-up times schedule.
double rate_factor(std::int64_t step, const OptimizerConfig& config);

/// `step` counts the updates done before this one. An unknown kind is treated as adamw: check it with make().
UpdateRule update_rule(const OptimizerConfig& config, std::int64_t step);

}  // namespace grokscope
