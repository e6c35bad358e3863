// Dataset: runs the task's builder, adds label noise, makes the tensors. See dataset.h.
#include "data/dataset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/home_path.h"
#include "base/memory.h"
#include "base/outside_text.h"
#include "base/random.h"
#include "base/text.h"
#include "data/host_tensor.h"
#include "data/tasks/examples.h"
#include "data/tasks/task_makers.h"

namespace grokscope {
namespace {

Error unknown_task_kind(const std::string& kind) {
  std::vector<std::string> names;
  for (const TaskKind& known : task_kinds()) names.emplace_back(known.name);
  const std::string nearest = nearest_name(kind, names);
  return usage_error(fmt::format("unknown task.kind {}: {}", in_quotes(kind),
                                 nearest.empty() ? fmt::format("choose one of {}", fmt::join(names, ", "))
                                                 : fmt::format("did you mean '{}'?", nearest)));
}

/// The first n of one random order of the pool get a wrong label, drawn in that order, so that more noise
/// keeps the wrong labels of less noise.
void make_wrong(std::span<std::int64_t> labels, std::int64_t pool, std::int64_t answers, double share,
                std::uint64_t seed) {
  const auto wrong = static_cast<std::size_t>(std::llround(share * static_cast<double>(pool)));
  if (wrong == 0) return;
  RandomStream random(seed, "label_noise");
  const std::vector<std::int64_t> order = random.permutation(pool);
  const auto others = static_cast<std::uint64_t>(answers - 1);
  for (std::size_t i = 0; i < wrong; ++i) {
    std::int64_t& label = labels[static_cast<std::size_t>(order[i])];
    const auto other = static_cast<std::int64_t>(random.below(others));
    label = other < label ? other : other + 1;
  }
}

at::Tensor tensor_of(const std::vector<std::int64_t>& values, at::IntArrayRef shape) {
  at::Tensor tensor = host_tensor(shape, at::kLong);
  std::copy(values.begin(), values.end(), host_data<std::int64_t>(tensor));
  return tensor;
}

at::Tensor tensor_of(const std::vector<std::int64_t>& values) {
  return tensor_of(values, {static_cast<std::int64_t>(values.size())});
}

at::Tensor tensor_of(const std::vector<float>& values, at::IntArrayRef shape, at::ScalarType type) {
  at::Tensor tensor = host_tensor(shape, type);
  with_number_of(type, [&](auto number) { std::ranges::copy(values, host_data<decltype(number)>(tensor)); });
  return tensor;
}

// (row, width)
at::Tensor tensor_of_rows(const std::vector<float>& values, std::int64_t width, at::ScalarType type) {
  return tensor_of(values, {static_cast<std::int64_t>(values.size()) / width, width}, type);
}

// (example, pixel) in 0..1
at::Tensor tensor_of_pixels(const Examples& examples, at::ScalarType type) {
  const std::int64_t count = examples.pool_size + examples.held_out;
  at::Tensor tensor =
      host_tensor({count, examples.image_channels * examples.image_height * examples.image_width}, type);
  with_number_of(type, [&](auto number) {
    using Number = decltype(number);
    std::ranges::transform(examples.pixels, host_data<Number>(tensor), [](char byte) {
      return static_cast<Number>(static_cast<unsigned char>(byte)) / Number{255};
    });
  });
  return tensor;
}

GraphInputs tensors_of(const MoleculeArrays& arrays) {
  const std::int64_t count = arrays.molecules, nodes = arrays.nodes, edges = arrays.edges;
  constexpr at::ScalarType kType = at::kFloat;  // whoever computes in float64 widens them
  GraphInputs graphs;
  graphs.nodes = tensor_of(arrays.node_values, {count, nodes, kAtomFeatures}, kType);
  graphs.node_mask = tensor_of_rows(arrays.node_mask, nodes, kType);
  graphs.edges = tensor_of(arrays.edge_values, {count, edges, kBondKinds}, kType);
  graphs.edge_mask = tensor_of_rows(arrays.edge_mask, edges, kType);
  graphs.edge_source = tensor_of(arrays.edge_source, {count, edges});
  graphs.edge_target = tensor_of(arrays.edge_target, {count, edges});
  return graphs;
}

Inputs inputs_of(const Examples& examples, at::ScalarType numbers) {
  if (!examples.features.empty())
    return FeatureInputs{tensor_of_rows(examples.features, examples.feature_count, numbers)};
  if (!examples.pixels.empty()) {
    return ImageInputs{tensor_of_pixels(examples, numbers), examples.image_channels, examples.image_height,
                       examples.image_width};
  }
  if (!examples.tokens.empty())
    return TextInputs{tensor_of(examples.tokens, {examples.pool_size, examples.token_length})};
  if (examples.molecules.molecules > 0) return tensors_of(examples.molecules);
  return PairInputs{tensor_of(examples.pairs, {examples.pool_size, 2})};
}

/// nullptr: no pairs, an order that matters for some of them, or no two that mirror each other.
std::shared_ptr<const Mirrors> mirrors_of(const Examples& examples) {
  if (examples.pairs.empty()) return nullptr;
  const std::int64_t tokens = examples.token_count;
  const auto place = [&](std::int64_t a, std::int64_t b) { return static_cast<std::size_t>(a * tokens + b); };
  Mirrors example_at(static_cast<std::size_t>(tokens * tokens), -1);
  const auto count = static_cast<std::size_t>(examples.pool_size);
  for (std::size_t i = 0; i < count; ++i) {
    example_at[place(examples.pairs[2 * i], examples.pairs[2 * i + 1])] = static_cast<std::int64_t>(i);
  }
  auto mirrors = std::make_shared<Mirrors>(count);
  bool any = false;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t mirror = example_at[place(examples.pairs[2 * i + 1], examples.pairs[2 * i])];
    (*mirrors)[i] = mirror;
    if (mirror < 0) continue;
    if (examples.targets[static_cast<std::size_t>(mirror)] != examples.targets[i]) return nullptr;
    any = any || mirror != static_cast<std::int64_t>(i);
  }
  return any ? mirrors : nullptr;
}

/// What the tensors of dataset_of() will take, beside the arrays that they are made from.
std::uint64_t bytes_of_tensors(const Examples& examples, at::ScalarType numbers) {
  const MoleculeArrays& molecules = examples.molecules;
  const std::size_t real = examples.pixels.size() + examples.features.size() + examples.target_vectors.size();
  const std::size_t floats = molecules.node_values.size() + molecules.node_mask.size() +
                             molecules.edge_values.size() + molecules.edge_mask.size();
  const std::size_t integers = examples.pairs.size() + examples.tokens.size() + 2 * examples.targets.size() +
                               molecules.edge_source.size() + molecules.edge_target.size();
  return real * at::elementSize(numbers) + floats * sizeof(float) + integers * sizeof(std::int64_t);
}

/// Without label noise.
Dataset dataset_of(Examples&& examples, at::ScalarType numbers) {
  Dataset dataset;
  dataset.inputs = inputs_of(examples, numbers);
  if (!examples.target_vectors.empty()) {
    dataset.target_vectors = tensor_of_rows(examples.target_vectors, examples.output_count, numbers);
    dataset.tolerance = examples.tolerance;
  }
  dataset.targets = tensor_of(examples.targets);
  dataset.train_targets = dataset.targets;
  dataset.mirrors = mirrors_of(examples);
  dataset.title = std::move(examples.title);
  dataset.reading = std::move(examples.reading);
  dataset.left_tokens = examples.left_tokens;
  dataset.right_tokens = examples.right_tokens;
  dataset.token_count = examples.token_count;
  dataset.class_count = examples.class_count;
  dataset.pool_size = examples.pool_size;
  dataset.held_out = examples.held_out;
  dataset.token_names = std::move(examples.token_names);
  dataset.class_names = std::move(examples.class_names);
  dataset.cyclic_order = examples.cyclic_order;
  dataset.is_modular_addition = examples.is_modular_addition;
  return dataset;
}

}  // namespace

std::shared_ptr<const Dataset> with_label_noise(const Dataset& data, double share, std::uint64_t seed) {
  auto noisy = std::make_shared<Dataset>(data);
  noisy->train_targets = host_copy(data.targets);
  // Without classes a wrong answer is that of another example.
  const std::int64_t answers = data.tolerance > 0.0 ? data.target_vectors.size(0) : data.class_count;
  make_wrong(host_span<std::int64_t>(noisy->train_targets), data.pool_size, answers, share, seed);
  return noisy;
}

double majority_share(const Dataset& data) {
  const auto targets = host_span<std::int64_t>(data.targets);
  if (data.tolerance > 0.0 || targets.empty()) return 0.0;
  std::vector<std::int64_t> counts(static_cast<std::size_t>(data.class_count));
  for (const std::int64_t target : targets) ++counts[static_cast<std::size_t>(target)];
  return static_cast<double>(*std::max_element(counts.begin(), counts.end())) /
         static_cast<double>(targets.size());
}

Result<std::shared_ptr<const Dataset>> make_dataset(const TaskConfig& task, std::uint64_t seed,
                                                    at::ScalarType numbers) {
  const TaskMaker* maker = find_task_maker(task.kind);
  if (maker == nullptr) return unknown_task_kind(task.kind);
  if (!(task.label_noise >= 0.0 && task.label_noise <= 1.0)) {
    return usage_error(fmt::format("task.label_noise is {}: it must be in 0 .. 1", task.label_noise));
  }
  try {
    TaskConfig at_home = task;
    at_home.path = with_home(task.path);
    auto examples = maker->make(at_home, seed);
    if (!examples) return examples.error();
    keep_some_held_out(*examples, task.test_size);
    if (Status fits = memory_suffices("this set of examples", bytes_of_tensors(*examples, numbers),
                                      "take a smaller one, or close other programs");
        !fits) {
      return fits.error();
    }
    return with_label_noise(dataset_of(std::move(*examples), numbers), task.label_noise, seed);
  } catch (const std::exception& error) {  // no memory
    return failure("the examples could not be made ready: " + reason_of(error));
  }
}

}  // namespace grokscope
