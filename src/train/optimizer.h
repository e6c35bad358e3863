// Optimizer: one update of the flat parameter vector by a flat gradient; state is float32 of the same size.
// Single passes over the arrays on the CPU, at:: operations on a device. Owned by the stepping thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"
#include "grokscope_aten.h"
#include "train/team.h"

namespace grokscope {

enum class OptimizerKind { sgd, adam, adamw };

/// sgd | adam | adamw.
Result<OptimizerKind> optimizer_kind_from(const std::string& name);

/// What one update needs, after warm-up and bias correction.
struct UpdateRule {
  OptimizerKind kind = OptimizerKind::adamw;
  double rate = 0.0;  ///< learning rate after warm-up
  double weight_decay = 0.0;
  double beta1 = 0.0, beta2 = 0.0, epsilon = 0.0, momentum = 0.0;
  double correction1 = 1.0, correction2 = 1.0;  ///< 1 - beta^t
};

/// min(step / warmup, 1), so the very first update has rate 0: what openai/grok and Nanda's code do. 1
/// without warm-up.
double warmup_factor(std::int64_t step, std::int64_t warmup_steps);

/// `step` counts the updates done before this one. An unknown kind is treated as adamw: check it with make().
UpdateRule update_rule(const OptimizerConfig& config, std::int64_t step);

class Optimizer {
 public:
  /// Remembers the norm of `flat` as the initial norm of clamp_norm.
  static Result<Optimizer> make(const OptimizerConfig& config, const at::Tensor& flat);

  void set(const OptimizerConfig& config) { config_ = config; }
  /// `team` shares the pass out; the numbers do not depend on it. nullptr: the calling thread alone.
  void step(std::int64_t step, at::Tensor& flat, const at::Tensor& gradient, Team* team = nullptr);
  /// "optimizer.first_moment", "optimizer.second_moment" (total) float32, "optimizer.initial_norm" (1)
  /// float64 on the CPU: live tensors, for checkpoints. sgd keeps its momentum in the first.
  std::vector<std::pair<std::string, at::Tensor>> state() const;

 private:
  Optimizer(const OptimizerConfig& config, const at::Tensor& flat);
  void clamp(at::Tensor& flat) const;

  OptimizerConfig config_;
  at::Tensor first_, second_, initial_norm_;
};

/// Euclidean norm in float64, summed in a fixed order.
double norm_of(const at::Tensor& flat);

}  // namespace grokscope
