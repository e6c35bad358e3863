// See answers.h.
#include "probe/answers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "data/target_vectors.h"
#include "probe/losses.h"
#include "probe/probe_tools.h"

namespace grokscope {

namespace {

constexpr std::int64_t kSamplesPerClass = 32;
constexpr std::int64_t kTop = 3;

/// The three largest outputs of one example, best first; -1 where there are fewer classes.
struct TopThree {
  std::array<std::int64_t, kTop> classes{-1, -1, -1};
  std::array<float, kTop> outputs{};
};

TopThree top_three(const float* row, std::int64_t class_count) {
  TopThree top;
  top.outputs.fill(-std::numeric_limits<float>::infinity());
  float third = top.outputs[kTop - 1];
  for (std::int64_t c = 0; c < class_count; ++c) {
    if (!(row[c] > third) && c >= kTop) continue;
    std::int64_t place = kTop - 1;
    for (; place > 0 && (top.classes[place - 1] < 0 || row[c] > top.outputs[place - 1]); --place) {
      top.classes[place] = top.classes[place - 1];
      top.outputs[place] = top.outputs[place - 1];
    }
    top.classes[place] = c;
    top.outputs[place] = row[c];
    third = top.outputs[kTop - 1];
  }
  return top;
}

/// Outputs of some examples and the probabilities that they stand for.
struct Outputs {
  at::Tensor logits, probabilities;  // (n, class) float32

  const float* logit_data = nullptr;
  const float* probability_data = nullptr;
  std::int64_t class_count = 0;

  const float* row(std::int64_t i) const { return logit_data + i * class_count; }
  float probability(std::int64_t i, std::int64_t answer) const {
    return std::clamp(probability_data[i * class_count + answer], 0.0F, 1.0F);
  }
  bool finite() const { return std::isfinite(probabilities.sum().item<float>()); }
};

/// With target vectors the classes are scored by their distance from the output.
Outputs outputs_of(const at::Tensor& logits, const ProbeInput& input) {
  const bool vectors = compares_vectors(*input.data, input.config.loss.kind);
  const bool are_probabilities = input.config.loss.kind == "mse" && !vectors;
  Outputs outputs;
  outputs.logits = (vectors ? vector_scores(logits, input.data->target_vectors) : logits).to(at::kFloat);
  outputs.logits = outputs.logits.contiguous();
  if (input.config.loss.kind == "stablemax") {
    const at::Tensor scores = stablemax_scores(outputs.logits);
    outputs.probabilities = (scores / scores.sum(1, true)).to(at::kFloat).contiguous();
  } else {
    outputs.probabilities = are_probabilities ? outputs.logits : at::softmax(outputs.logits, 1);
  }
  outputs.logit_data = outputs.logits.data_ptr<float>();
  outputs.probability_data = outputs.probabilities.data_ptr<float>();
  outputs.class_count = outputs.logits.size(1);
  return outputs;
}

Array filled(std::vector<std::int64_t> shape, float value) {
  std::size_t size = 1;
  for (const std::int64_t extent : shape) size *= static_cast<std::size_t>(extent);
  return {std::move(shape), std::vector<float>(size, value)};
}

/// Where a pair lies in the grid. Division has no b = 0 and a table's b may have tokens of its own: when the
/// tokens do not fit in the number of columns they are counted from the first that occurs.
struct GridShape {
  std::int64_t rows = 0, columns = 0, first_row = 0, first_column = 0;
};

GridShape grid_shape(const Dataset& data) {
  GridShape grid{data.left_tokens, data.right_tokens, 0, 0};
  const at::Tensor& pairs = inputs_as<PairInputs>(data.inputs).pairs;
  const at::Tensor low = at::amin(pairs, 0), high = at::amax(pairs, 0);  // (2)
  if (high[0].item<std::int64_t>() >= grid.rows) grid.first_row = low[0].item<std::int64_t>();
  if (high[1].item<std::int64_t>() >= grid.columns) grid.first_column = low[1].item<std::int64_t>();
  return grid;
}

void write_grid(const ProbeInput& input, const Outputs& outputs, Frame& frame) {
  const Dataset& data = *input.data;
  const GridShape grid = grid_shape(data);
  Array guess = filled({grid.rows, grid.columns}, -1.0F), target = guess, membership = guess;
  Array confidence = filled({grid.rows, grid.columns}, 0.0F);
  Array top_classes = filled({grid.rows, grid.columns, kTop}, -1.0F);
  Array top_probabilities = filled({grid.rows, grid.columns, kTop}, 0.0F);
  const at::Tensor pairs = inputs_as<PairInputs>(data.inputs).pairs.contiguous(),
                   targets = data.targets.contiguous();
  const std::int64_t* pair = pairs.data_ptr<std::int64_t>();
  const std::int64_t* answers = targets.data_ptr<std::int64_t>();
  // What is trained on is scored by what it is trained on, as the accuracies are.
  const at::Tensor labels = training_labels(data).contiguous();
  const std::int64_t* label = labels.data_ptr<std::int64_t>();
  Array truth = guess;
  std::int64_t wrong_labels = 0;
  const std::vector<Membership> members = input.split->membership();
  const std::vector<std::uint8_t> unmirrored = input.split->unmirrored_test();
  const std::int64_t count = outputs.logits.size(0);
  std::int64_t right = 0, unmirrored_right = 0, unmirrored_count = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t row = pair[2 * i] - grid.first_row;
    const std::int64_t column = pair[2 * i + 1] - grid.first_column;
    const bool trained = members[i] == Membership::train;
    const std::int64_t answer = trained ? label[i] : answers[i];
    wrong_labels += answer == answers[i] ? 0 : 1;
    const TopThree top = top_three(outputs.row(i), outputs.class_count);
    right += top.classes[0] == answer ? 1 : 0;
    if (!unmirrored.empty() && unmirrored[static_cast<std::size_t>(i)] != 0) {
      ++unmirrored_count;
      unmirrored_right += top.classes[0] == answer ? 1 : 0;
    }
    if (row < 0 || row >= grid.rows || column < 0 || column >= grid.columns) continue;
    const std::int64_t cell = row * grid.columns + column;
    guess.values[cell] = static_cast<float>(top.classes[0]);
    target.values[cell] = static_cast<float>(answer);
    truth.values[cell] = static_cast<float>(answers[i]);
    confidence.values[cell] = outputs.probability(i, answer);
    membership.values[cell] = static_cast<float>(members[i]);
    for (std::int64_t place = 0; place < kTop && top.classes[place] >= 0; ++place) {
      top_classes.values[cell * kTop + place] = static_cast<float>(top.classes[place]);
      top_probabilities.values[cell * kTop + place] = outputs.probability(i, top.classes[place]);
    }
  }
  frame.texts["kind"] = "grid";
  frame.scalars["right_share"] = count > 0 ? static_cast<double>(right) / static_cast<double>(count) : 0.0;
  if (unmirrored_count > 0) {
    frame.scalars["unmirrored_test_share"] =
        static_cast<double>(unmirrored_right) / static_cast<double>(unmirrored_count);
  }
  frame.arrays = {{"guess", std::move(guess)},
                  {"target", std::move(target)},
                  {"confidence", std::move(confidence)},
                  {"membership", std::move(membership)},
                  {"top_classes", std::move(top_classes)},
                  {"top_probabilities", std::move(top_probabilities)}};
  if (wrong_labels == 0) return;
  frame.arrays["true_target"] = std::move(truth);
  frame.scalars["wrong_labels"] = static_cast<double>(wrong_labels);
}

std::vector<std::int64_t> sample_indices(const ProbeInput& input) {
  const Split& split = *input.split;
  std::vector<std::int64_t> chosen;
  for (const auto& part :
       {split.train(), split.formerly_trained()}) {  // together: a prefix of the fixed order
    for (std::size_t i = 0; i < part.size() && chosen.size() < kSamplesPerClass; ++i)
      chosen.push_back(part[i]);
  }
  const std::int64_t held_out = split.total() - split.pool_size();
  if (held_out > 0) {
    RandomStream random(static_cast<std::uint64_t>(input.config.seed), "answers");
    std::vector<std::int64_t> order = random.permutation(held_out);
    order.resize(static_cast<std::size_t>(std::min(kSamplesPerClass, held_out)));
    for (const std::int64_t i : order) chosen.push_back(split.pool_size() + i);
    return chosen;
  }
  const std::span<const std::int64_t> test = split.test();  // its end is the last to become training data
  const std::size_t count = std::min<std::size_t>(kSamplesPerClass, test.size());
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(test[test.size() - 1 - i]);
  return chosen;
}

void write_samples(const ProbeInput& input, const at::Tensor& indices, const Outputs& outputs, Frame& frame) {
  const Dataset& data = *input.data;
  const std::int64_t count = indices.size(0);
  const std::vector<Membership> members = input.split->membership();
  at::Tensor targets = data.targets.index_select(0, indices).contiguous();                // (count)
  const at::Tensor labels = training_labels(data).index_select(0, indices).contiguous();  // (count)
  for (std::int64_t i = 0; i < count; ++i) {
    if (members[indices.data_ptr<std::int64_t>()[i]] == Membership::train)
      targets.data_ptr<std::int64_t>()[i] = labels.data_ptr<std::int64_t>()[i];
  }
  Array guess = filled({count}, -1.0F), confidence = guess, membership = guess;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t answer = targets.data_ptr<std::int64_t>()[i];
    guess.values[i] = static_cast<float>(top_three(outputs.row(i), outputs.class_count).classes[0]);
    confidence.values[i] = outputs.probability(i, answer);
    membership.values[i] = static_cast<float>(members[indices.data_ptr<std::int64_t>()[i]]);
  }
  const at::Tensor pictures = rows_of_numbers(data.inputs).index_select(0, indices);  // (count, pixel)
  frame.texts["kind"] = "images";
  frame.arrays = {{"samples", array_from(pictures_of(pictures, inputs_as<ImageInputs>(data.inputs)))},
                  {"sample_guess", std::move(guess)},
                  {"sample_target", array_from(targets)},
                  {"sample_confidence", std::move(confidence)},
                  {"sample_membership", std::move(membership)}};
}

/// Why there are no classes to show an answer of; "" when there are.
std::string why_no_answers(const Dataset& data) {
  if (is_regression(data)) {
    return "The answers of this task are numbers, not classes: right means a squared error below the "
           "tolerance, so there is no grid of guesses to show.";
  }
  if (kind_of(data.inputs) == InputKind::pairs || kind_of(data.inputs) == InputKind::images) return "";
  return "Answers are drawn as a grid of pairs or a sheet of pictures, and this task has neither.";
}

std::string probability_text(const ProbeInput& input) {
  if (compares_vectors(*input.data, input.config.loss.kind)) return "nearest vector";
  if (input.config.loss.kind == "stablemax") return "stablemax";
  return input.config.loss.kind == "mse" ? "clamped output" : "softmax";
}

void fill_answers(const ProbeInput& input, Frame& frame) {
  frame.not_applicable = why_no_answers(*input.data);
  if (!frame.not_applicable.empty()) return;
  const bool images = kind_of(input.data->inputs) == InputKind::images;
  at::Tensor indices, logits;
  if (images) {
    indices = index_tensor(sample_indices(input));
    logits = input.logits.defined() ? input.logits.to(at::kCPU).index_select(0, indices)
                                    : forward_logits(input, input.flat, indices);
  } else {
    logits = all_logits(input);
  }
  const Outputs outputs = outputs_of(logits, input);
  if (!outputs.finite()) {
    frame.not_applicable = "Some answers are not finite at this step: training has diverged.";
    return;
  }
  if (images) {
    write_samples(input, indices, outputs, frame);
  } else {
    write_grid(input, outputs, frame);
  }
  frame.texts["probability"] = probability_text(input);
}

}  // namespace

Frame look_at_answers(const ProbeInput& input) {
  return guarded_look(input, "answers", fill_answers);
}

}  // namespace grokscope
