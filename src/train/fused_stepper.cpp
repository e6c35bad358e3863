#include "train/fused_stepper.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "data/host_tensor.h"
#include "train/fused/rows.h"
#include "train/optimizer.h"
#include "train/scoring.h"
#include "train/tensor_tools.h"

namespace grokscope {
namespace {

/// Sums of one class of examples.
struct ScoreSum {
  double loss = 0.0;
  std::int64_t right = 0, count = 0;

  void add(double example_loss, bool is_right) {
    loss += example_loss;
    right += is_right ? 1 : 0;
    ++count;
  }
  double mean_loss() const { return count == 0 ? std::nan("") : loss / static_cast<double>(count); }
  double accuracy() const {
    return count == 0 ? std::nan("") : static_cast<double>(right) / static_cast<double>(count);
  }
};

at::Tensor on_host_or_none(const at::Tensor& tensor, at::ScalarType type) {
  return tensor.defined() ? on_host(tensor, type) : tensor;
}

template <typename Element>
const Element* data_or_none(const at::Tensor& tensor) {
  return tensor.defined() ? host_data<Element>(tensor) : nullptr;
}

class FusedStepper final : public Stepper {
 public:
  FusedStepper(StepperParts parts, Scoring scoring, Optimizer optimizer, MakeFusedCore make_core)
      : data_(std::move(parts.data)),
        optimizer_(std::move(optimizer)),
        flat_(std::move(parts.initial_flat)),
        gradient_(zeros_like_it(flat_)),
        pairs_(on_host_or_none(data_->pairs, at::kLong)),
        texts_(on_host_or_none(data_->tokens, at::kLong)),
        images_(on_host_or_none(data_->images, at::kFloat)),
        targets_(on_host(data_->targets, at::kLong)),
        train_targets_(data_->train_targets.defined() ? on_host(data_->train_targets, at::kLong) : targets_),
        scoring_(std::move(scoring)),
        vectors_(data_or_none<float>(scoring_.vectors)),
        core_(make_core({parts.config, *data_, parts.layout, data_or_none<std::int64_t>(pairs_),
                         data_or_none<std::int64_t>(texts_), data_or_none<float>(images_),
                         parts.options.threads, vectors_})) {}

  double step(std::int64_t step, std::span<const std::int64_t> batch) override {
    optimizer_.shake_weights(step, flat_, &core_->team());
    const double loss = compute(batch);
    optimizer_.step(step, flat_, gradient_, &core_->team());
    return loss;
  }

  at::Tensor gradient(std::span<const std::int64_t> batch, double* loss) override {
    const double value = compute(batch);
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
  fused::RowLoss score(float* row, std::int64_t target) const;
  double compute(std::span<const std::int64_t> batch) {
    return core_->gradient(host_data<float>(flat_), batch, host_data<std::int64_t>(train_targets_),
                           host_data<float>(gradient_));
  }

  std::shared_ptr<const Dataset> data_;
  Optimizer optimizer_;
  at::Tensor flat_, gradient_;
  at::Tensor pairs_, texts_, images_, targets_, train_targets_;  // contiguous
  const fused::RowKernels rows_ = fused::row_kernels();
  const Scoring scoring_;
  const float* vectors_;                // (vector, output) of scoring_, or nullptr
  std::vector<fused::RowLoss> scores_;  // (place in the list of evaluated examples)
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

/// Overwrites the row.
fused::RowLoss FusedStepper::score(float* row, std::int64_t target) const {
  const std::int64_t outputs = scoring_.outputs;
  if (vectors_ == nullptr) {
    const auto loss_of = scoring_.loss == LossKind::mean_squared ? rows_.squared_error : rows_.cross_entropy;
    return loss_of(row, outputs, target, 1.0f, row);
  }
  const bool nearest =
      scoring_.tolerance <= 0.0 && is_nearest(row, vectors_, scoring_.vectors.size(0), outputs, target);
  fused::RowLoss result = rows_.squared_distance(row, outputs, vectors_ + target * outputs, 1.0f, row);
  result.right = nearest || (scoring_.tolerance > 0.0 && result.loss < scoring_.tolerance);
  return result;
}

ClassScores FusedStepper::evaluate(const Split& split, at::Tensor* logits) {
  const std::vector<Membership> membership = split.membership();
  std::vector<std::int64_t> examples;
  examples.reserve(membership.size());
  for (std::size_t i = 0; i < membership.size(); ++i) {
    if (membership[i] != Membership::unused) examples.push_back(static_cast<std::int64_t>(i));
  }
  scores_.resize(examples.size());
  const std::int64_t outputs = scoring_.outputs;
  float* all_logits = nullptr;
  if (logits != nullptr) {
    *logits = host_tensor({static_cast<std::int64_t>(membership.size()), outputs}, at::kFloat);
    for (float& logit : host_span<float>(*logits)) logit = std::numeric_limits<float>::quiet_NaN();
    all_logits = host_data<float>(*logits);
  }
  const auto *truth = host_data<std::int64_t>(targets_), *noisy = host_data<std::int64_t>(train_targets_);
  core_->logits(host_data<float>(flat_), examples, [&](std::size_t place, float* row) {
    const std::int64_t example = examples[place];
    if (all_logits != nullptr) std::copy_n(row, outputs, all_logits + example * outputs);
    const bool trained = membership[static_cast<std::size_t>(example)] == Membership::train;
    scores_[place] = score(row, (trained ? noisy : truth)[example]);
  });
  ScoreSum sums[3];  // by Membership: train, formerly trained, test; added in example order
  for (std::size_t place = 0; place < examples.size(); ++place) {
    const auto kind = static_cast<std::size_t>(membership[static_cast<std::size_t>(examples[place])]);
    sums[kind].add(scores_[place].loss, scores_[place].right);
  }
  return {sums[0].mean_loss(), sums[0].accuracy(),  sums[2].mean_loss(),
          sums[2].accuracy(),  sums[1].mean_loss(), sums[1].accuracy()};
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
