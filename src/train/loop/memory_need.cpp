#include "train/loop/memory_need.h"

#include <algorithm>

#include "data/target_vectors.h"

namespace grokscope {
namespace {

/// Weights, gradient, two moments; and weights and moments again while a checkpoint is written.
constexpr std::uint64_t kCopies = 4 + 3;

std::uint64_t copies_of_weights(const OptimizerConfig& optimizer) {
  std::uint64_t copies = kCopies;
  if (optimizer.decay_towards == "initialisation") ++copies;
  if (optimizer.weight_noise > 0.0) ++copies;
  if (optimizer.gradient_filter == "grokfast_ema") ++copies;
  if (optimizer.gradient_filter == "grokfast_ma")
    copies += static_cast<std::uint64_t>(optimizer.filter_window);
  return copies;
}

/// Numbers that a network keeps of an example between its forward and its backward pass.
std::int64_t numbers_an_example(const RunConfig& config, std::int64_t positions) {
  const ModelConfig& model = config.model;
  if (model.kind == "transformer") return model.depth * model.mlp_width;
  if (model.kind == "lstm") return positions * model.depth * 5 * model.width;  // four gates and a state
  // Before and after normalisation and the gradient, of k to 8k channels at ever fewer positions.
  constexpr std::int64_t kKept = 3;
  if (model.kind == "cnn1d") return kKept * positions * 7 * model.width;        // 1 + 2 + 4/2 + 8/4
  if (model.kind == "cnn") return 2 * kKept * positions * 9 * model.width / 2;  // 1 + 2 + 4/4 + 8/16
  if (model.kind == "resnet18")
    return 2 * kKept * positions * 8 * model.width;  // 1 + 4·(1 + 1/2 + 1/4 + 1/8)
  return model.depth * model.width;
}

/// Over which a network keeps numbers for its backward pass.
std::int64_t positions_of(const Dataset& data) {
  switch (kind_of(data.inputs)) {
    case InputKind::text:
      return inputs_as<TextInputs>(data.inputs).tokens.size(1);
    case InputKind::features:
      return rows_of_numbers(data.inputs).size(1);
    case InputKind::images: {
      const auto& images = inputs_as<ImageInputs>(data.inputs);
      return images.height * images.width;
    }
    default:
      return 1;
  }
}

}  // namespace

MemoryNeed memory_need(const RunConfig& config, const Dataset& data, std::int64_t parameters,
                       std::int64_t batch, bool looks) {
  const std::int64_t positions = positions_of(data);
  const auto outputs = static_cast<std::uint64_t>(output_count(data, config.loss.kind));
  const auto examples = static_cast<std::uint64_t>(data.pool_size + data.held_out);
  const std::uint64_t number_bytes = computes_in_double(config.train) ? sizeof(double) : sizeof(float);
  MemoryNeed need;
  need.weights = number_bytes * copies_of_weights(config.optimizer) * static_cast<std::uint64_t>(parameters);
  need.activations = number_bytes * static_cast<std::uint64_t>(batch) *
                     static_cast<std::uint64_t>(numbers_an_example(config, positions));
  if (looks) need.answers = number_bytes * examples * outputs;
  return need;
}

Status training_fits(const MemoryNeed& need, std::uint64_t available) {
  const std::uint64_t most = std::max({need.weights, need.activations, need.answers});
  const char* advice = most == need.weights       ? "set model.width lower"
                       : most == need.activations ? "set train.batch_size or model.width lower"
                                                  : "set the task smaller (task.modulus, task.examples)";
  return memory_suffices("this training", need.total(), advice, available);
}

}  // namespace grokscope
