// The autograd stepper. Each shard has leaves of its own that share the weights, and a gradient vector of its
// own; gradients are summed in the order of the shards on the stepping thread.
#include "train/torch_side/autograd_stepper.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "model/dropout.h"
#include "train/kernels/team.h"
#include "train/step/device.h"
#include "train/step/optimizer.h"
#include "train/step/scoring.h"
#include "train/step/tensor_tools.h"
#include "train/torch_side/augmentation.h"
#include "train/torch_side/captured_work.h"
#include "train/torch_side/cuda_recorder.h"
#include "train/torch_side/gathering.h"
#include "train/torch_side/scoring_rows.h"

namespace grokscope {
namespace {

/// What one forward pass reads, gathered once and kept while the same examples are asked for.
struct ShardInput {
  std::vector<std::int64_t> examples;
  Batch batch;
  at::Tensor targets;  // (row): as forward_sequence() scores them
};

struct AutogradShard {
  ParameterViews leaves;
  at::Tensor gradient;  // (total)
  ShardInput input;
  double loss_sum = 0.0;
  at::Tensor loss_on_device;  // (), CUDA only
};

/// Scores of single examples; disjoint parts are filled by different workers.
struct ExampleScores {
  std::vector<double> loss;          // (example)
  std::vector<unsigned char> right;  // (example)
};

class AutogradStepper final : public Stepper {
 public:
  AutogradStepper(StepperParts parts, Scoring scoring, Augmentation augmentation, Optimizer optimizer,
                  at::Tensor flat);

  double step(std::int64_t step, std::span<const std::int64_t> batch) override;
  at::Tensor gradient(std::span<const std::int64_t> batch, double* loss) override;
  ClassScores evaluate(const Split& split, at::Tensor* logits) override;
  at::Tensor& flat() override { return flat_; }
  at::Tensor buffers() override { return buffers_; }
  std::vector<std::pair<std::string, at::Tensor>> optimizer_state() override { return optimizer_.state(); }
  void set_optimizer(const OptimizerConfig& config) override { optimizer_.set(config); }
  std::string_view engine() const override { return "autograd"; }

 private:
  void keep_data_on_device();
  void compute_gradient(std::span<const std::int64_t> batch);
  std::size_t piece_count(const StepperOptions& options) const;
  void compute_shard(AutogradShard& shard, std::span<const std::int64_t> examples, std::int64_t batch_size);
  void compute_on_device(std::span<const std::int64_t> batch);
  void differentiate(AutogradShard& shard, const at::Tensor& augmentation_draws, std::int64_t batch_size);
  ShardInput gather(std::span<const std::int64_t> examples, const at::Tensor& targets) const;
  template <typename Select>
  void select_input(ShardInput& input, const at::Tensor& targets, const Select& select) const;
  at::Tensor scored_targets(const at::Tensor& targets) const;
  void score_chunk(std::span<const std::int64_t> examples, const at::Tensor& targets, ExampleScores& scores,
                   at::Tensor* logits) const;
  at::Tensor evaluation_targets(const std::vector<Membership>& membership) const;
  double batch_loss();

  std::shared_ptr<const Model> model_;
  std::shared_ptr<const Dataset> data_;
  const Scoring scoring_;
  const double dropout_rate_;
  const bool on_device_;
  const std::uint64_t seed_;
  std::int64_t drawn_step_ = -1;  // whose masks and crops to draw; -1: nothing is forgotten or changed
  const Augmentation augmentation_;
  Optimizer optimizer_;
  at::Tensor flat_;
  ParameterViews views_;  // without gradients
  at::Tensor buffers_;    // (total of the buffer layout); undefined: the model has none
  ParameterViews buffer_views_;
  Inputs inputs_;                       // of the whole dataset, on the device
  at::Tensor targets_, train_targets_;  // (example), on the device
  at::Tensor batch_index_;              // (example of the batch), on the device
  at::Tensor batch_draws_;              // (example of the batch, 3) of the augmentation, on the device
  CapturedWork device_work_;            // of one shape at a time
  double known_loss_ = std::numeric_limits<double>::quiet_NaN();
  std::vector<AutogradShard> shards_;  // of a training step
  Team team_;                          // last member: its threads end before what they use
};

AutogradStepper::AutogradStepper(StepperParts parts, Scoring scoring, Augmentation augmentation,
                                 Optimizer optimizer, at::Tensor flat)
    : model_(std::move(parts.model)),
      data_(std::move(parts.data)),
      scoring_(std::move(scoring)),
      dropout_rate_(parts.config.model.dropout),
      on_device_(parts.options.cuda || parts.options.as_on_device),
      seed_(static_cast<std::uint64_t>(parts.config.seed)),
      augmentation_(augmentation),
      optimizer_(std::move(optimizer)),
      flat_(std::move(flat)),
      views_(views_of(model_->layout(), flat_)),
      device_work_(flat_.is_cpu() ? nullptr : make_cuda_recorder()),
      shards_(piece_count(parts.options)),
      team_(on_device_ ? 1 : std::max(parts.options.threads, 1), limit_library_threads) {
  if (model_->buffer_layout().total() > 0) {
    buffers_ = model_->initial_buffers().to(flat_.options()).contiguous();
    buffer_views_ = views_of(model_->buffer_layout(), buffers_);
  }
  for (AutogradShard& shard : shards_) {
    shard.gradient = at::zeros_like(flat_);
    shard.leaves = leaves_of(model_->layout(), flat_, shard.gradient);
  }
  keep_data_on_device();
}

/// Into how many shards a training step is cut.
std::size_t AutogradStepper::piece_count(const StepperOptions& options) const {
  return on_device_ || model_->batch_is_one_piece() ? 1
                                                    : static_cast<std::size_t>(std::max(options.threads, 1));
}

void AutogradStepper::keep_data_on_device() {
  const auto device = flat_.device();
  inputs_ = changed_inputs(data_->inputs, [&](const at::Tensor& all) {
    return all.is_floating_point() ? all.to(flat_.options()) : all.to(device);
  });
  targets_ = data_->targets.to(device);
  train_targets_ = data_->train_targets.defined() ? data_->train_targets.to(device) : targets_;
}

at::Tensor AutogradStepper::scored_targets(const at::Tensor& targets) const {
  if (model_->eos_class() < 0) return targets;
  return at::cat({targets, at::full_like(targets, model_->eos_class())}, 0);  // (2 * example)
}

template <typename Select>
void AutogradStepper::select_input(ShardInput& input, const at::Tensor& targets, const Select& select) const {
  input.batch.inputs = changed_inputs(inputs_, select);
  input.batch.buffers = buffer_views_;
  const at::Tensor answers = select(targets);
  if (model_->eos_class() >= 0) input.batch.answers = answers;
  input.targets = scored_targets(answers);
}

ShardInput AutogradStepper::gather(std::span<const std::int64_t> examples, const at::Tensor& targets) const {
  ShardInput input;
  input.examples.assign(examples.begin(), examples.end());
  select_input(input, targets, [&](const at::Tensor& all) { return rows_of_examples(all, examples); });
  return input;
}

/// A share of the batch on the CPU: fills shard.gradient and the sum of the losses over batch_size.
void AutogradStepper::compute_shard(AutogradShard& shard, std::span<const std::int64_t> examples,
                                    std::int64_t batch_size) {
  if (examples.empty()) {
    shard.gradient.zero_();
    shard.loss_sum = 0.0;
    return;
  }
  if (!std::ranges::equal(examples, shard.input.examples)) shard.input = gather(examples, train_targets_);
  at::Tensor draws;
  if (augmentation_.on() && drawn_step_ >= 0) draws = augmentation_.draws(drawn_step_, examples);
  differentiate(shard, draws, batch_size);
  shard.loss_sum = shard.loss_on_device.item<double>();
}

/// The whole batch on the device. Which examples it has, and what augmentation does to them, is the content
/// of two tensors, so that everything after that can be recorded once and replayed; only the masks of dropout
/// come from the host.
void AutogradStepper::compute_on_device(std::span<const std::int64_t> batch) {
  AutogradShard& shard = shards_.front();
  const auto count = static_cast<std::int64_t>(batch.size());
  if (!std::ranges::equal(batch, shard.input.examples)) {
    shard.input.examples.assign(batch.begin(), batch.end());
    bring_to_device(at::tensor(shard.input.examples, at::kLong), flat_.device(), batch_index_);
  }
  if (augmentation_.on())
    bring_to_device(augmentation_.draws(drawn_step_, batch), flat_.device(), batch_draws_);
  const auto work = [&] {
    select_input(shard.input, train_targets_,
                 [&](const at::Tensor& all) { return all.index_select(0, batch_index_); });
    differentiate(shard, batch_draws_, count);
  };
  if (dropout_rate_ > 0.0) {
    work();
  } else {
    device_work_.run(count, work);
  }
}

/// Forward, loss, backward over shard.input, with its pictures changed as the draws say (undefined: as they
/// are): fills shard.gradient and shard.loss_on_device.
void AutogradStepper::differentiate(AutogradShard& shard, const at::Tensor& augmentation_draws,
                                    std::int64_t batch_size) {
  shard.gradient.zero_();
  Batch batch = shard.input.batch;
  if (augmentation_draws.defined())
    batch.inputs = Augmentation::changed(inputs_as<ImageInputs>(batch.inputs), augmentation_draws);
  const Dropout dropout(dropout_rate_, seed_, drawn_step_, shard.input.examples);
  batch.dropout = dropout_rate_ > 0.0 && drawn_step_ >= 0 ? &dropout : nullptr;
  batch.training = true;
  const at::AutoGradMode with_gradients(true);
  const at::Tensor logits = model_->forward_sequence(shard.leaves, batch);  // (row, class)
  const double positions = model_->eos_class() < 0 ? 1.0 : 2.0;
  const double factor = 1.0 / (positions * static_cast<double>(batch_size));
  at::Tensor logits_gradient;
  {
    const at::NoGradGuard no_gradients;
    const at::Tensor losses = loss_rows(scoring_, logits, shard.input.targets, factor, &logits_gradient);
    shard.loss_on_device = losses.sum() * factor;
  }
  logits.backward(logits_gradient);
}

/// Leaves the mean gradient of the batch in shards_[0].gradient.
void AutogradStepper::compute_gradient(std::span<const std::int64_t> batch) {
  if (on_device_) return compute_on_device(batch);
  const auto count = static_cast<std::int64_t>(batch.size());
  const auto shard_count = static_cast<std::int64_t>(shards_.size());
  team_.run([&](int shard) {
    if (shard >= shard_count) return;  // the model's batch is one piece
    const std::int64_t begin = count * shard / shard_count, end = count * (shard + 1) / shard_count;
    compute_shard(shards_[static_cast<std::size_t>(shard)],
                  batch.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)),
                  count);
  });
  const at::NoGradGuard no_gradients;
  for (std::size_t i = 1; i < shards_.size(); ++i) shards_[0].gradient.add_(shards_[i].gradient);
}

/// On CUDA reading a value waits for the device, so only the first step and evaluate() read; in between the
/// last known loss stands.
double AutogradStepper::batch_loss() {
  if (!on_device_) {
    known_loss_ = 0.0;
    for (const AutogradShard& shard : shards_) known_loss_ += shard.loss_sum;
  } else if (std::isnan(known_loss_)) {
    known_loss_ = shards_[0].loss_on_device.item<double>();
  }
  return known_loss_;
}

double AutogradStepper::step(std::int64_t step, std::span<const std::int64_t> batch) {
  const at::NoGradGuard no_gradients;  // compute_shard() turns them on where they are needed
  Team* team = flat_.is_cpu() ? &team_ : nullptr;
  optimizer_.shake_weights(step, flat_, team);
  drawn_step_ = step;
  compute_gradient(batch);
  drawn_step_ = -1;
  optimizer_.step(step, flat_, shards_[0].gradient, team);
  return batch_loss();
}

at::Tensor AutogradStepper::gradient(std::span<const std::int64_t> batch, double* loss) {
  const at::Tensor kept = buffers_.defined() ? buffers_.clone() : buffers_;  // this is no training step
  compute_gradient(batch);
  if (kept.defined()) buffers_.copy_(kept);
  if (on_device_) known_loss_ = shards_[0].loss_on_device.item<double>();
  if (loss != nullptr) *loss = batch_loss();
  return shards_[0].gradient.clone();
}

/// The answers that evaluation scores: noisy ones for what is trained on, the truth for the rest. (example)
at::Tensor AutogradStepper::evaluation_targets(const std::vector<Membership>& membership) const {
  if (!data_->train_targets.defined()) return targets_;
  const at::Tensor chosen = data_->targets.clone();
  const at::Tensor noisy = data_->train_targets.contiguous();
  auto* answers = chosen.data_ptr<std::int64_t>();
  const auto* noisy_answers = noisy.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < membership.size(); ++i) {
    if (membership[i] == Membership::train) answers[i] = noisy_answers[i];
  }
  return chosen.to(flat_.device());
}

void AutogradStepper::score_chunk(std::span<const std::int64_t> examples, const at::Tensor& targets,
                                  ExampleScores& scores, at::Tensor* logits) const {
  const at::NoGradGuard no_gradients;
  const ShardInput input = gather(examples, targets);
  const at::Tensor output = model_->forward_sequence(views_, input.batch);  // (row, class)
  const auto count = static_cast<std::int64_t>(examples.size());
  const std::int64_t positions = output.size(0) / count;
  const at::Tensor loss = loss_rows(scoring_, output, input.targets, 1.0, nullptr)
                              .view({positions, count})
                              .mean(0)
                              .to(at::kCPU)
                              .contiguous();
  const at::Tensor right =
      right_rows(scoring_, output, input.targets).view({positions, count}).all(0).to(at::kCPU).contiguous();
  const auto* loss_values = loss.data_ptr<double>();
  const auto* right_values = right.data_ptr<bool>();
  for (std::size_t i = 0; i < examples.size(); ++i) {
    scores.loss[static_cast<std::size_t>(examples[i])] = loss_values[i];
    scores.right[static_cast<std::size_t>(examples[i])] = right_values[i] ? 1 : 0;
  }
  if (logits == nullptr) return;
  const at::Tensor answers = output.narrow(0, 0, count).narrow(1, 0, logits->size(1)).to(at::kCPU);
  at::Tensor rows = rows_of_examples(*logits, examples);
  if (rows.is_alias_of(*logits)) {
    rows.copy_(answers);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i)
    logits->select(0, examples[static_cast<std::size_t>(i)]).copy_(answers[i]);
}

ClassScores AutogradStepper::evaluate(const Split& split, at::Tensor* logits) {
  const std::vector<Membership> membership = split.membership();
  std::vector<std::int64_t> examples;
  for (std::size_t i = 0; i < membership.size(); ++i) {
    if (membership[i] != Membership::unused) examples.push_back(static_cast<std::int64_t>(i));
  }
  ExampleScores scores{std::vector<double>(membership.size()), std::vector<unsigned char>(membership.size())};
  const at::Tensor targets = evaluation_targets(membership);
  if (logits != nullptr) {
    *logits = at::full({static_cast<std::int64_t>(membership.size()), scoring_.outputs},
                       std::numeric_limits<double>::quiet_NaN(), flat_.scalar_type());
  }
  const auto chunk = static_cast<std::size_t>(examples_a_chunk(kind_of(data_->inputs)));
  const auto stride = chunk * static_cast<std::size_t>(team_.size());
  team_.run([&](int shard) {
    for (std::size_t i = chunk * static_cast<std::size_t>(shard); i < examples.size(); i += stride) {
      const auto share = std::span(examples).subspan(i, std::min(chunk, examples.size() - i));
      score_chunk(share, targets, scores, logits);
    }
  });
  if (on_device_ && shards_[0].loss_on_device.defined()) {
    known_loss_ = shards_[0].loss_on_device.item<double>();
  }
  return class_scores(split, membership, [&](std::size_t i) {
    return ExampleScore{scores.loss[i], scores.right[i] != 0};
  });
}

}  // namespace

Result<std::unique_ptr<Stepper>> make_autograd_stepper(StepperParts parts) {
  if (parts.model == nullptr) {
    auto model = make_model(parts.config, *parts.data);
    if (!model) return model.error();
    parts.model = std::move(*model);
  }
  const auto device = parts.options.cuda ? at::kCUDA : at::kCPU;
  auto scoring = scoring_of(parts.config.loss, *parts.data, device);
  if (!scoring) return scoring.error();
  if (scoring->vectors.defined() && parts.model->eos_class() >= 0) {
    return usage_error(
        "model.sequence = power ends with a token <eos>, which no target vector stands for: set "
        "model.sequence=a_b_equals or loss.kind=cross_entropy");
  }
  at::Tensor flat = parts.initial_flat.detach()
                        .to(number_type_of(parts.config.train))
                        .to(device, /*non_blocking=*/false, /*copy=*/true)
                        .contiguous();
  auto optimizer = Optimizer::make(parts.config.optimizer, parts.model->layout(),
                                   static_cast<std::uint64_t>(parts.config.seed), flat);
  if (!optimizer) return optimizer.error();
  const auto augmentation = Augmentation::make(parts.config.train.augmentation, parts.data->inputs,
                                               static_cast<std::uint64_t>(parts.config.seed));
  if (!augmentation) return augmentation.error();
  return std::unique_ptr<Stepper>(std::make_unique<AutogradStepper>(
      std::move(parts), std::move(*scoring), *augmentation, std::move(*optimizer), std::move(flat)));
}

}  // namespace grokscope
