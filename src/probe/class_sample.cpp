// See class_sample.h.
#include "probe/class_sample.h"

#include <algorithm>
#include <span>
#include <string>

#include "base/random.h"
#include "data/target_vectors.h"
#include "probe/probe_tools.h"

namespace grokscope {
namespace {

using ByClass = std::vector<std::vector<std::int64_t>>;  // (class) indices of examples

/// Up to `most` examples of every class, in the order that `ranks` (example) gives them.
ByClass by_class(std::span<const std::int64_t> examples, const at::Tensor& labels, std::int64_t class_count,
                 const std::vector<std::int64_t>& ranks, std::int64_t most) {
  const at::Tensor all = labels.to(at::kCPU).contiguous();
  const auto* label = all.data_ptr<std::int64_t>();
  ByClass found(static_cast<std::size_t>(class_count));
  for (const std::int64_t example : examples) {
    found[static_cast<std::size_t>(label[example])].push_back(example);
  }
  for (auto& members : found) {
    const auto kept = std::min(members.size(), static_cast<std::size_t>(most));
    std::partial_sort(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(kept), members.end(),
                      [&](std::int64_t a, std::int64_t b) {
                        return ranks[static_cast<std::size_t>(a)] < ranks[static_cast<std::size_t>(b)];
                      });
    members.resize(kept);
  }
  return found;
}

/// The first `sizes` of the chosen classes, one class after the other.
at::Tensor joined(const ByClass& found, const ClassSample& sample) {
  std::vector<std::int64_t> indices;
  for (std::size_t i = 0; i < sample.classes.size(); ++i) {
    const auto& members = found[static_cast<std::size_t>(sample.classes[i])];
    indices.insert(indices.end(), members.begin(), members.begin() + sample.sizes[i]);
  }
  return index_tensor(indices);
}

}  // namespace

ClassSample class_sample(const ProbeInput& input, std::int64_t most_classes, std::int64_t most_points,
                         std::string_view stream) {
  const auto seed = static_cast<std::uint64_t>(input.config.seed);
  const std::string name(stream);
  const auto ranks = RandomStream(seed, name + ".examples").permutation(input.data->targets.size(0));
  const auto order = RandomStream(seed, name + ".classes").permutation(input.data->class_count);
  const at::Tensor& trained = training_labels(*input.data);
  const bool tested = !input.split->test().empty();
  const auto part = [&](std::span<const std::int64_t> examples, const at::Tensor& labels) {
    return by_class(examples, labels, input.data->class_count, ranks, most_points);
  };
  const ByClass train = part(input.split->train(), trained);
  const ByClass test = tested ? part(input.split->test(), input.data->targets) : train;
  const auto size_of = [&](std::int64_t k) {
    const auto at = static_cast<std::size_t>(k);
    return static_cast<std::int64_t>(std::min(train[at].size(), test[at].size()));
  };
  ClassSample sample;
  for (const std::int64_t k : order) {
    if (static_cast<std::int64_t>(sample.classes.size()) < most_classes && size_of(k) > 0)
      sample.classes.push_back(k);
  }
  std::sort(sample.classes.begin(), sample.classes.end());
  for (const std::int64_t k : sample.classes) sample.sizes.push_back(size_of(k));
  sample.train = joined(train, sample);
  sample.train_labels = trained.to(at::kCPU).index_select(0, sample.train);
  if (!tested) return sample;
  sample.test = joined(test, sample);
  sample.test_labels = input.data->targets.to(at::kCPU).index_select(0, sample.test);
  return sample;
}

std::string why_no_classes(const ProbeInput& input) {
  if (is_regression(*input.data)) return "The answers are numbers, not classes.";
  if (compares_vectors(*input.data, input.config.loss.kind)) {
    return "The network answers with a vector for each class, not with one number a class.";
  }
  return "";
}

}  // namespace grokscope
