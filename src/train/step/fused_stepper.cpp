#include "train/step/fused_stepper.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
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
at::Tensor rows_on_host(const Inputs& inputs, at::ScalarType type) {
  const InputKind kind = kind_of(inputs);
  const bool numbers = kind == InputKind::images || kind == InputKind::features;
  return numbers ? on_host(rows_of_numbers(inputs), type) : at::Tensor();
}

at::Tensor on_host_or_none(const at::Tensor& tensor, at::ScalarType type) {
  return tensor.defined() ? on_host(tensor, type) : tensor;
}

template <typename Element>
const Element* data_or_none(const at::Tensor& tensor) {
  return tensor.defined() ? host_data<Element>(tensor) : nullptr;
}

constexpr std::int64_t kMostSharedOutputs = 1024;  // of a row that is scored on the worker's stack

/// The gradient of the step that comes next, computed while its examples were evaluated.
template <typename Scalar>
struct PreparedStep {
  std::vector<std::int64_t> batch;
  std::vector<Scalar> weights;
  double loss = 0.0;
  bool ready = false;

  bool fits(std::span<const std::int64_t> other_batch, std::span<const Scalar> other_weights) const {
    return ready && std::equal(batch.begin(), batch.end(), other_batch.begin(), other_batch.end()) &&
           weights.size() == other_weights.size() &&
           std::memcmp(weights.data(), other_weights.data(), other_weights.size_bytes()) == 0;
  }
};

template <typename Scalar>
class FusedStepper final : public Stepper {
 public:
  FusedStepper(StepperParts parts, Scoring scoring, Optimizer optimizer, MakeFusedCore<Scalar> make_core)
      : data_(std::move(parts.data)),
        prepares_steps_(parts.options.steps_on_what_it_evaluates && scoring.outputs <= kMostSharedOutputs),
        batch_size_(parts.config.train.batch_size),
        optimizer_(std::move(optimizer)),
        flat_(std::move(parts.initial_flat)),
        gradient_(zeros_like_it(flat_)),
        pairs_(pairs_on_host(data_->inputs)),
        texts_(texts_on_host(data_->inputs)),
        images_(rows_on_host(data_->inputs, kType)),
        targets_(on_host(data_->targets, at::kLong)),
        train_targets_(data_->train_targets.defined() ? on_host(data_->train_targets, at::kLong) : targets_),
        scoring_(std::move(scoring)),
        vectors_on_host_(on_host_or_none(scoring_.vectors, kType)),
        vectors_(data_or_none<Scalar>(vectors_on_host_)),
        core_(make_core({parts.config, *data_, parts.layout, data_or_none<std::int64_t>(pairs_),
                         data_or_none<std::int64_t>(texts_), data_or_none<Scalar>(images_),
                         parts.options.threads, vectors_})) {
    if (core_->buffer_count() == 0) return;
    buffers_ = host_tensor({core_->buffer_count()}, kType);
    core_->attach_buffers(host_data<Scalar>(buffers_));
  }

  double step(std::int64_t step, std::span<const std::int64_t> batch) override {
    optimizer_.shake_weights(step, flat_, &core_->team());
    const bool is_prepared = prepared_.fits(batch, host_span<Scalar>(flat_));
    const double loss = is_prepared ? prepared_.loss : compute(batch, {});
    prepared_.ready = false;
    core_->keep_statistics();
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
  at::Tensor buffers() override { return buffers_; }
  std::vector<std::pair<std::string, at::Tensor>> optimizer_state() override { return optimizer_.state(); }
  void set_optimizer(const OptimizerConfig& config) override { optimizer_.set(config); }
  std::string_view engine() const override { return "fused"; }
  fused::MultiplyTime multiply_time() override;

 private:
  static constexpr at::ScalarType kType = std::is_same_v<Scalar, double> ? at::kDouble : at::kFloat;

  fused::RowLoss score(const Scalar* row, std::int64_t target, Scalar* spare) const;
  bool trains_next_on(std::span<const std::int64_t> train) const;
  void prepare_step(std::span<const std::int64_t> batch, const fused::LogitView<Scalar>& seen);
  double compute(std::span<const std::int64_t> batch, const fused::LogitView<Scalar>& seen) {
    prepared_.ready = false;
    return core_->gradient(host_data<Scalar>(flat_), batch, host_data<std::int64_t>(train_targets_),
                           host_data<Scalar>(gradient_), seen);
  }

  std::shared_ptr<const Dataset> data_;
  const bool prepares_steps_;
  const std::int64_t batch_size_;
  Optimizer optimizer_;
  at::Tensor flat_, gradient_, buffers_;
  PreparedStep<Scalar> prepared_;                                // gradient_ is its gradient when it is ready
  at::Tensor pairs_, texts_, images_, targets_, train_targets_;  // contiguous
  const fused::CommonKernels<Scalar> rows_ = fused::common_row_kernels<Scalar>();
  const Scoring scoring_;
  const at::Tensor vectors_on_host_;           // (vector, output) of scoring_; undefined: none
  const Scalar* vectors_;                      // its numbers, or nullptr
  std::vector<fused::RowLoss> scores_;         // (example)
  std::unique_ptr<fused::Core<Scalar>> core_;  // last: its threads end before what they use
};

/// Whether no other row of `vectors` (count, width) is nearer to `row`, nor an earlier one as near.
template <typename Scalar>
bool is_nearest(const Scalar* row, const Scalar* vectors, std::int64_t count, std::int64_t width,
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
template <typename Scalar>
fused::RowLoss FusedStepper<Scalar>::score(const Scalar* row, std::int64_t target, Scalar* spare) const {
  const std::int64_t outputs = scoring_.outputs;
  if (vectors_ == nullptr) {
    const auto loss_of = scoring_.loss == LossKind::mean_squared ? rows_.squared_error : rows_.cross_entropy;
    return loss_of(row, outputs, target, Scalar{1}, spare);
  }
  const bool nearest =
      scoring_.tolerance <= 0.0 && is_nearest(row, vectors_, scoring_.vectors.size(0), outputs, target);
  fused::RowLoss result = rows_.squared_distance(row, outputs, vectors_ + target * outputs, Scalar{1}, spare);
  result.right = nearest || (scoring_.tolerance > 0.0 && result.loss < scoring_.tolerance);
  return result;
}

/// Decided by settings alone, never by what was called before: a replay must find the same digits.
template <typename Scalar>
bool FusedStepper<Scalar>::trains_next_on(std::span<const std::int64_t> train) const {
  const bool full_batch = batch_size_ <= 0 || batch_size_ >= static_cast<std::int64_t>(train.size());
  return prepares_steps_ && full_batch && !train.empty() && !optimizer_.shakes_weights() &&
         !buffers_.defined();
}

template <typename Scalar>
void FusedStepper<Scalar>::prepare_step(std::span<const std::int64_t> batch,
                                        const fused::LogitView<Scalar>& seen) {
  prepared_.loss = compute(batch, seen);
  prepared_.batch.assign(batch.begin(), batch.end());
  const std::span<const Scalar> weights = host_span<Scalar>(flat_);
  prepared_.weights.assign(weights.begin(), weights.end());
  prepared_.ready = true;
}

template <typename Scalar>
ClassScores FusedStepper<Scalar>::evaluate(const Split& split, at::Tensor* logits) {
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
  Scalar* all_logits = nullptr;
  if (logits != nullptr) {
    *logits = host_tensor({static_cast<std::int64_t>(membership.size()), outputs}, kType);
    for (Scalar& logit : host_span<Scalar>(*logits)) logit = std::numeric_limits<Scalar>::quiet_NaN();
    all_logits = host_data<Scalar>(*logits);
  }
  const auto *truth = host_data<std::int64_t>(targets_), *noisy = host_data<std::int64_t>(train_targets_);
  const auto take = [&](std::int64_t example, const Scalar* row, Scalar* spare) {
    if (all_logits != nullptr) std::copy_n(row, outputs, all_logits + example * outputs);
    const auto at = static_cast<std::size_t>(example);
    scores_[at] = score(row, (membership[at] == Membership::train ? noisy : truth)[example], spare);
  };
  if (!examples.empty()) {
    core_->logits(host_data<Scalar>(flat_), examples,
                  [&](std::size_t place, Scalar* row) { take(examples[place], row, row); });
  }
  if (with_gradient) {
    prepare_step(split.train(), [&](std::size_t place, const Scalar* row) {
      alignas(64) Scalar spare[kMostSharedOutputs + fused::kLanes];
      take(split.train()[place], row, spare);
    });
  }
  return class_scores(split, membership, [&](std::size_t i) {
    return ExampleScore{static_cast<double>(scores_[i].loss), scores_[i].right};
  });
}

template <typename Scalar>
fused::MultiplyTime FusedStepper<Scalar>::multiply_time() {
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

template <typename Scalar>
Result<std::unique_ptr<Stepper>> make_fused_stepper(StepperParts parts, MakeFusedCore<Scalar> make_core) {
  auto scoring = scoring_of(parts.config.loss, *parts.data, at::Device(at::kCPU));
  if (!scoring) return scoring.error();
  parts.initial_flat = copy_on_host(parts.initial_flat, number_type_of(parts.config.train));
  Result<Optimizer> optimizer =
      Optimizer::make(parts.config.optimizer, parts.layout, static_cast<std::uint64_t>(parts.config.seed),
                      parts.initial_flat);
  if (!optimizer) return optimizer.error();
  return std::unique_ptr<Stepper>(std::make_unique<FusedStepper<Scalar>>(
      std::move(parts), std::move(*scoring), std::move(*optimizer), make_core));
}

template Result<std::unique_ptr<Stepper>> make_fused_stepper(StepperParts, MakeFusedCore<float>);
template Result<std::unique_ptr<Stepper>> make_fused_stepper(StepperParts, MakeFusedCore<double>);

}  // namespace grokscope
