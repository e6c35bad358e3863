// Stepper: one update of the weights, whoever computes it. AutogradStepper runs any model on any device and
// is the reference; fused steppers run the hot models on the CPU. Trainer thread only (it may own workers of
// its own).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"
#include "data/split.h"
#include "model/model.h"
#include "train/kernels/multiply_time.h"
#include "train/step/class_scores.h"

namespace grokscope {

class Stepper {
 public:
  virtual ~Stepper() = default;
  /// Forward and backward over the examples `batch` (indices into the dataset), then one optimizer update in
  /// place. Returns the mean training loss before the update, as this step saw it: with its dropout, weight
  /// noise and augmentation. `step` counts updates done so far (warm-up, bias correction, which random
  /// numbers). On CUDA, where reading a value waits for the device, it returns the loss as of the first step
  /// or last evaluate().
  virtual double step(std::int64_t step, std::span<const std::int64_t> batch) = 0;
  /// Gradient of the mean training loss over `batch`, no update, no dropout, no noise, pictures as they are:
  /// (total) as flat(). For tests and comparisons.
  virtual at::Tensor gradient(std::span<const std::int64_t> batch, double* loss) = 0;
  /// One pass without gradients over all examples that belong to a class. The train class is scored against
  /// train_targets, the others against the truth. Fills `logits` (example, class), of the type of the
  /// weights, on the CPU if not nullptr; rows of unused examples are NaN. With power's sequence the loss is
  /// the mean of both positions and both must be right.
  virtual ClassScores evaluate(const Split& split, at::Tensor* logits) = 0;
  /// The live weights, (total) float32 or, with train.precision = float64, float64, on the CPU or the device.
  /// Written by step(); between two steps others may write into it in place (copy_, mul_) but never replace
  /// the tensor.
  virtual at::Tensor& flat() = 0;
  /// What the model keeps beside its weights (Model::buffer_layout()), live, as flat(); undefined: nothing.
  /// Written by step() alone; as with flat(), others may copy_ into it between two steps.
  virtual at::Tensor buffers() { return {}; }
  /// Optimizer moments by name, for checkpoints; live tensors: to resume, copy_ into them.
  virtual std::vector<std::pair<std::string, at::Tensor>> optimizer_state() = 0;
  /// Live settings: learning rate, weight decay, ...: read by every step.
  virtual void set_optimizer(const OptimizerConfig& config) = 0;
  virtual std::string_view engine() const = 0;  ///< "autograd", "fused"
  /// What its matrix multiplies have taken so far, all workers together; zeros: it does not know.
  virtual fused::MultiplyTime multiply_time() { return {}; }
};

struct StepperOptions {
  bool cuda = false;
  int threads = 1;            ///< shards: each worker runs forward and backward on its share with one thread
  bool as_on_device = false;  ///< tests: CUDA's way through a step (one shard, nothing read back), on the CPU
  /// The next step after evaluate() is on the weights that were evaluated, as in training. In full batch both
  /// need the same pass over the training set, which is then made once. Others (probes) would pay for a
  /// gradient that nobody uses.
  bool steps_on_what_it_evaluates = false;
  /// With train.engine = auto: who computes where both can, "fused" (as ""), or "autograd".
  std::string preferred_engine;
};

/// Chooses by config.train.engine; auto is, unless autograd is preferred, fused where a core computes exactly
/// what the config says.
Result<std::unique_ptr<Stepper>> make_stepper(const RunConfig& config, std::shared_ptr<const Model> model,
                                              std::shared_ptr<const Dataset> data, at::Tensor initial_flat,
                                              const StepperOptions& options);

}  // namespace grokscope
