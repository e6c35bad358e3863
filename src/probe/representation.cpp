// See representation.h.
#include "probe/representation.h"

#include <algorithm>
#include <span>

#include "config/task_kinds.h"
#include "probe/probe_tools.h"
#include "theory/parallelograms.h"

namespace grokscope {

namespace {

/// The unordered pairs of some examples.
std::vector<theory::TokenPair> sum_pairs_of(const at::Tensor& pairs, std::span<const std::int64_t> examples) {
  const at::Tensor all = pairs.contiguous();  // (example, 2)
  const std::int64_t* tokens = all.data_ptr<std::int64_t>();
  std::vector<theory::TokenPair> found;
  for (const std::int64_t example : examples) {
    const std::int64_t a = tokens[2 * example], b = tokens[2 * example + 1];
    found.push_back({std::min(a, b), std::max(a, b)});
  }
  return found;
}

/// Writes `line` and `on_a_line`. points (token, width) float64, every column of mean 0.
void write_line(const at::Tensor& points, Frame& frame) {
  const auto [values, vectors] = at::linalg_eigh(at::matmul(points.t(), points));  // ascending; columns
  const std::int64_t last = points.size(1) - 1;
  at::Tensor line = at::matmul(points, vectors.select(1, last));  // (token)
  if (line[line.size(0) - 1].item<double>() < line[0].item<double>()) line = -line;
  const double whole = values.sum().item<double>();
  frame.arrays["line"] = array_from(line);
  frame.scalars["on_a_line"] = whole > 0.0 ? values[last].item<double>() / whole : 1.0;
}

/// predicted_accuracy() is over all pairs, of which the training pairs are right by definition.
double share_of_the_rest(double all_right, double all, double trained) {
  return (all_right * all - trained) / (all - trained);
}

void fill_representation(const ProbeInput& input, Frame& frame) {
  if (!task_kind_of(input.config.task).plain_sums) {
    frame.not_applicable =
        "Parallelograms i + j = m + n belong to plain addition (task.kind=addition; Liu et al. 2022, "
        "effective "
        "theory).";
    return;
  }
  const ReadableWeights weights = input.model->readable(views_of(input.model->layout(), input.flat));
  if (!weights.token_embedding.defined()) {
    frame.not_applicable = "This model has no token embeddings whose places could be compared.";
    return;
  }
  const std::int64_t tokens = input.data->token_count;
  const at::Tensor raw = cpu_double(weights.token_embedding.narrow(0, 0, tokens));  // (token, width)
  const theory::Embeddings embeddings{
      {raw.data_ptr<double>(), static_cast<std::size_t>(raw.numel())}, tokens, raw.size(1)};
  const auto training = sum_pairs_of(inputs_as<PairInputs>(input.data->inputs).pairs, input.split->train());
  const double predicted = theory::predicted_accuracy(embeddings, training);
  frame.scalars["rqi"] = theory::representation_quality(embeddings);
  frame.scalars["predicted_accuracy"] = predicted;
  const auto all = static_cast<double>(theory::all_pairs(tokens).size());
  const auto trained = static_cast<double>(training.size());
  if (trained < all) frame.scalars["predicted_test_accuracy"] = share_of_the_rest(predicted, all, trained);
  frame.arrays["embedding"] = array_from(raw);
  std::vector<double> points = theory::normalised(embeddings);
  at::Tensor places = at::empty_like(raw);
  std::copy(points.begin(), points.end(), places.data_ptr<double>());
  write_line(places, frame);
}

}  // namespace

Frame look_at_representation(const ProbeInput& input) {
  return guarded_look(input, "representation", fill_representation);
}

}  // namespace grokscope
