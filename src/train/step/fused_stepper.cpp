#include "train/step/fused_stepper.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "data/host_tensor.h"
#include "train/kernels/rows.h"
#include "train/kernels/simd.h"
#include "train/step/optimizer.h"
#include "train/step/scoring.h"
#include "train/step/tensor_tools.h"

namespace grokscope {
namespace {

/// The one tensor of pairs, images, features or texts; nothing of others, which no core reads.
at::Tensor pairs_on_host(const Inputs& inputs) {
  const PairInputs* pairs = std::get_if<PairInputs>(&inputs);
  return pairs == nullptr ? at::Tensor() : on_host(pairs->pairs, at::kLong);
}
at::Tensor texts_on_host(const Inputs& inputs) {
  const TextInputs* texts = std::get_if<TextInputs>(&inputs);
  return texts == nullptr ? at::Tensor() : on_host(texts->tokens, at::kLong);
}
at::Tensor rows_on_host(const Inputs& inputs) {
  const InputKind kind = kind_of(inputs);
  const bool numbers = kind == InputKind::images || kind == InputKind::features;
  return numbers ? on_host(rows_of_numbers(inputs), at::kFloat) : at::Tensor();
}

template <typename Element>
const Element* data_or_none(const at::Tensor& tensor) {
  return tensor.defined() ? host_data<Element>(tensor) : nullptr;
}

constexpr std::int64_t kMostSharedOutputs = 1024;  // of a row that is scored on the worker's stack

/// The gradient of the step that comes next, computed while its examples were evaluated.
struct PreparedStep {
  std::vector<std::int64_t> batch;
  std::vector<float> weights;
  double loss = 0.0;
  bool ready = false;

  bool fits(std::span<const std::int64_t> other_batch, std::span<const float> other_weights) const {
    return ready && std::equal(batch.begin(), batch.end(), other_batch.begin(), other_batch.end()) &&
           weights.size() == other_weights.size() &&
           std::memcmp(weights.data(), other_weights.data(), other_weights.size_bytes()) == 0;
  }
};

class FusedStepper final : public Stepper {
 public:
  FusedStepper(StepperParts parts, Scoring scoring, Optimizer optimizer, MakeFusedCore make_core)
      : data_(std::move(parts.data)),
        prepares_steps_(parts.options.steps_on_what_it_evaluates && scoring.outputs <= kMostSharedOutputs),
        batch_size_(parts.config.train.batch_size),
        optimizer_(std::move(optimizer)),
        flat_(std::move(parts.initial_flat)),
        gradient_(zeros_like_it(flat_)),
        pairs_(pairs_on_host(data_->inputs)),
        texts_(texts_on_host(data_->inputs)),
        images_(rows_on_host(data_->inputs)),
        targets_(on_host(data_->targets, at::kLong)),
        train_targets_(data_->train_targets.defined() ? on_host(data_->train_targets, at::kLong) : targets_),
        scoring_(std::move(scoring)),
        vectors_(data_or_none<float>(scoring_.vectors)),
        core_(make_core({parts.config, *data_, parts.layout, data_or_none<std::int64_t>(pairs_),
                         data_or_none<std::int64_t>(texts_), data_or_none<float>(images_),
                         parts.options.threads, vectors_})) {}

  double step(std::int64_t step, std::span<const std::int64_t> batch) override {
    optimizer_.shake_weights(step, flat_, &core_->team());
    const bool is_prepared = prepared_.fits(batch, host_span<float>(flat_));
    const double loss = is_prepared ? prepared_.loss : compute(batch, {});
    prepared_.ready = false;
    optimizer_.step(step, flat_, gradient_, &core_->team());
    return loss;
  }

  at::Tensor gradient(std::span<const std::int64_t> batch, double* loss) override {
    const double value = compute(batch, {});
    if (loss != nullptr) *loss = value;
    return host_copy(gradient_);
  }

  ClassScores evaluate(const Split& split, at::Tensor* logits) override;
  at::Tensor& flat() override { return flat_; }
  std::vector<std::pair<std::string, at::Tensor>> optimizer_state() override { return optimizer_.state(); }
  void set_optimizer(const OptimizerConfig& config) override { optimizer_.set(config); }
  std::string_view engine() const override { return "fused"; }
  fused::MultiplyTime multiply_time() override;

 private:
  fused::RowLoss score(const float* row, std::int64_t target, float* spare) const;
  bool trains_next_on(std::span<const std::int64_t> train) const;
  void prepare_step(std::span<const std::int64_t> batch, const fused::LogitView& seen);
  double compute(std::span<const std::int64_t> batch, const fused::LogitView& seen) {
    prepared_.ready = false;
    return core_->gradient(host_data<float>(flat_), batch, host_data<std::int64_t>(train_targets_),
                           host_data<float>(gradient_), seen);
  }

  std::shared_ptr<const Dataset> data_;
  const bool prepares_steps_;
  const std::int64_t batch_size_;
  Optimizer optimizer_;
  at::Tensor flat_, gradient_;
  PreparedStep prepared_;                                        // gradient_ is its gradient when it is ready
  at::Tensor pairs_, texts_, images_, targets_, train_targets_;  // contiguous
  const fused::RowKernels rows_ = fused::row_kernels();
  const Scoring scoring_;
  const float* vectors_;                // (vector, output) of scoring_, or nullptr
  std::vector<fused::RowLoss> scores_;  // (example)
  std::unique_ptr<fused::Core> core_;   // last: its threads end before what they use
};

/// Whether no other row of `vectors` (count, width) is nearer to `row`, nor an earlier one as near.
bool is_nearest(const float* row, const float* vectors, std::int64_t count, std::int64_t width,
                std::int64_t target) {
  const auto distance_to = [&](std::int64_t vector) {
    double sum = 0.0;
    for (std::int64_t k = 0; k < width; ++k) {
      const double difference = static_cast<double>(row[k]) - vectors[vector * width + k];
      sum += difference * difference;
    }
    return sum;
  };
  const double wanted = distance_to(target);
  for (std::int64_t vector = 0; vector < count; ++vector) {
    if (vector == target) continue;
    const double other = distance_to(vector);
    if (!(other > wanted || (vector > target && other == wanted))) return false;  // NaN is wrong, too
  }
  return std::isfinite(wanted);
}

/// `spare` has the row's room and is overwritten; it may be the row.
fused::RowLoss FusedStepper::score(const float* row, std::int64_t target, float* spare) const {
  const std::int64_t outputs = scoring_.outputs;
  if (vectors_ == nullptr) {
    const auto loss_of = scoring_.loss == LossKind::mean_squared ? rows_.squared_error : rows_.cross_entropy;
    return loss_of(row, outputs, target, 1.0f, spare);
  }
  const bool nearest =
      scoring_.tolerance <= 0.0 && is_nearest(row, vectors_, scoring_.vectors.size(0), outputs, target);
  fused::RowLoss result = rows_.squared_distance(row, outputs, vectors_ + target * outputs, 1.0f, spare);
  result.right = nearest || (scoring_.tolerance > 0.0 && result.loss < scoring_.tolerance);
  return result;
}

/// Decided by settings alone, never by what was called before: a replay must find the same digits.
bool FusedStepper::trains_next_on(std::span<const std::int64_t> train) const {
  const bool full_batch = batch_size_ <= 0 || batch_size_ >= static_cast<std::int64_t>(train.size());
  return prepares_steps_ && full_batch && !train.empty() && !optimizer_.shakes_weights();
}

void FusedStepper::prepare_step(std::span<const std::int64_t> batch, const fused::LogitView& seen) {
  prepared_.loss = compute(batch, seen);
  prepared_.batch.assign(batch.begin(), batch.end());
  const std::span<const float> weights = host_span<float>(flat_);
  prepared_.weights.assign(weights.begin(), weights.end());
  prepared_.ready = true;
}

ClassScores FusedStepper::evaluate(const Split& split, at::Tensor* logits) {
  const std::vector<Membership> membership = split.membership();
  const bool with_gradient = trains_next_on(split.train());
  const auto is_scored_alone = [&](Membership kind) {
    return kind != Membership::unused && !(with_gradient && kind == Membership::train);
  };
  std::vector<std::int64_t> examples;
  examples.reserve(membership.size());
  for (std::size_t i = 0; i < membership.size(); ++i) {
    if (is_scored_alone(membership[i])) examples.push_back(static_cast<std::int64_t>(i));
  }
  scores_.resize(membership.size());
  const std::int64_t outputs = scoring_.outputs;
  float* all_logits = nullptr;
  if (logits != nullptr) {
    *logits = host_tensor({static_cast<std::int64_t>(membership.size()), outputs}, at::kFloat);
    for (float& logit : host_span<float>(*logits)) logit = std::numeric_limits<float>::quiet_NaN();
    all_logits = host_data<float>(*logits);
  }
  const auto *truth = host_data<std::int64_t>(targets_), *noisy = host_data<std::int64_t>(train_targets_);
  const auto take = [&](std::int64_t example, const float* row, float* spare) {
    if (all_logits != nullptr) std::copy_n(row, outputs, all_logits + example * outputs);
    const auto at = static_cast<std::size_t>(example);
    scores_[at] = score(row, (membership[at] == Membership::train ? noisy : truth)[example], spare);
  };
  if (!examples.empty()) {
    core_->logits(host_data<float>(flat_), examples,
                  [&](std::size_t place, float* row) { take(examples[place], row, row); });
  }
  if (with_gradient) {
    prepare_step(split.train(), [&](std::size_t place, const float* row) {
      alignas(64) float spare[kMostSharedOutputs + fused::kLanes];
      take(split.train()[place], row, spare);
    });
  }
  return class_scores(split, membership, [&](std::size_t i) {
    return ExampleScore{static_cast<double>(scores_[i].loss), scores_[i].right};
  });
}

fused::MultiplyTime FusedStepper::multiply_time() {
  std::vector<fused::MultiplyTime> times(static_cast<std::size_t>(core_->team().size()));
  core_->team().run([&](int worker) { times[static_cast<std::size_t>(worker)] = fused::multiply_time(); });
  fused::MultiplyTime sum;
  for (const auto& [seconds, flop] : times) {
    sum.seconds += seconds;
    sum.flop += flop;
  }
  return sum;
}

}  // namespace

std::int64_t offset_of(const ParameterLayout& layout, const std::string& name) {
  for (const ParameterSpec& spec : layout.specs()) {
    if (spec.name == name) return spec.offset;
  }
  return -1;
}

Result<std::unique_ptr<Stepper>> make_fused_stepper(StepperParts parts, MakeFusedCore make_core) {
  auto scoring = scoring_of(parts.config.loss, *parts.data, at::Device(at::kCPU));
  if (!scoring) return scoring.error();
  parts.initial_flat = copy_on_host(parts.initial_flat, at::kFloat);
  Result<Optimizer> optimizer =
      Optimizer::make(parts.config.optimizer, parts.layout, static_cast<std::uint64_t>(parts.config.seed),
                      parts.initial_flat);
  if (!optimizer) return optimizer.error();
  return std::unique_ptr<Stepper>(std::make_unique<FusedStepper>(std::move(parts), std::move(*scoring),
                                                                 std::move(*optimizer), make_core));
}

}  // namespace grokscope
