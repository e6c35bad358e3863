// Optimizer: from the raw gradient to one update of the flat parameter vector; state is of the same size and
// type (float32 or float64). Every stepper goes through it, so every optimizer.* setting works with every
// engine. Single passes over the arrays on the CPU; what needs LibTorch's operations is behind
// torch_optimizer.h. Owned by the stepping thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"
#include "grokscope_aten.h"
#include "model/parameters.h"
#include "train/kernels/team.h"
#include "train/step/gradient_filter.h"
#include "train/step/update_rule.h"

namespace grokscope {

/// One update is, in this order: weight noise on, gradient (the stepper's), weight noise off; then the
/// gradient becomes + gradient noise, + L1, clipped, Grokfast-filtered, ⊥; then the update rule with weight
/// decay, and the norm clamp. What is off costs nothing.
class Optimizer {
 public:
  /// Remembers the norm of `flat` as the initial norm of clamp_norm, and `flat` itself where weight decay
  /// pulls towards it. `seed` chooses the noise.
  static Result<Optimizer> make(const OptimizerConfig& config, ParameterLayout layout, std::uint64_t seed,
                                const at::Tensor& flat);

  /// Live settings. What is not live (kind, gradient_filter, decay_towards, ...) stays as it was made.
  void set(const OptimizerConfig& config);
  /// Before the gradient of `step`: shakes the weights by weight_noise; step() puts them back exactly.
  void shake_weights(std::int64_t step, at::Tensor& flat, Team* team = nullptr);
  bool shakes_weights() const { return config_.weight_noise > 0.0; }
  /// `gradient` may be overwritten. `team` shares the pass out; the numbers do not depend on it. nullptr: the
  /// calling thread alone.
  void step(std::int64_t step, at::Tensor& flat, at::Tensor gradient, Team* team = nullptr);
  /// "optimizer.first_moment", "optimizer.second_moment" (total) as the weights, "optimizer.initial_norm" (1)
  /// float64 on the CPU, what the filter remembers (gradient_filter.h), "optimizer.initial_weights" (total)
  /// with decay_towards = initialisation: live tensors, for checkpoints. sgd and muon keep their momentum in
  /// the first.
  NamedTensors state();

 private:
  /// A stretch of the flat vector that one rule holds for.
  struct Part {
    std::int64_t begin = 0, end = 0;
    bool embedding = false;
    const ParameterSpec* matrix = nullptr;  ///< muon: a matrix to be made orthogonal, else nullptr
  };
  struct RuledPart {
    Part part;
    UpdateRule rule;
  };

  Optimizer(const OptimizerConfig& config, ParameterLayout layout, std::uint64_t seed,
            const at::Tensor& flat);
  void divide_into_parts();
  void prepare_gradient(std::int64_t step, const at::Tensor& flat, at::Tensor& gradient, Team* team);
  std::vector<RuledPart> ruled_parts(std::int64_t step) const;
  void update(const std::vector<RuledPart>& parts, at::Tensor& flat, const at::Tensor& gradient, Team* team);
  template <typename Scalar>
  void update_here(const std::vector<RuledPart>& parts, at::Tensor& flat, const at::Tensor& gradient,
                   Team* team);
  void pull_to_start(const std::vector<RuledPart>& parts, bool decoupled, at::Tensor& target) const;
  void clamp(at::Tensor& flat) const;

  OptimizerConfig config_;
  OptimizerKind kind_ = OptimizerKind::adamw;
  std::shared_ptr<const ParameterLayout> layout_;
  std::uint64_t seed_ = 0;
  std::vector<Part> parts_;
  GradientFilter filter_;
  at::Tensor first_, second_, initial_norm_;
  at::Tensor initial_;  // decay_towards = initialisation only
  at::Tensor calm_;     // the weights while they are shaken; undefined while they are not
};

}  // namespace grokscope
