// Task `sparse_parity`: n bits of ±1, answered by the parity of k of them (Barak et al. 2022; Merrill,
// Tsilivis and Shukla 2023, "A Tale of Two Circuits", section 2). Which k, and the bits, come from streams of
// their own.
#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "data/tasks/examples.h"

namespace grokscope {
namespace {

constexpr std::int64_t kUsualExamples = 2000;  // 1000 to train on with half of them, as published
constexpr std::int64_t kMostNumbers = 100'000'000;

}  // namespace

Result<Examples> sparse_parity_examples(const TaskConfig& task, std::uint64_t seed) {
  const std::int64_t count = task.examples == 0 ? kUsualExamples : task.examples;
  if (count < 2) return usage_error(fmt::format("task.examples is {}: a parity needs at least 2", count));
  if (task.bits < 1 || count > kMostNumbers / task.bits) {
    return usage_error(
        fmt::format("task.examples = {} of task.bits = {} are too many numbers: at most {} in all", count,
                    task.bits, kMostNumbers));
  }
  if (task.parity < 1 || task.parity > task.bits)
    return usage_error(fmt::format("task.parity is {}: it must be in 1 .. {}", task.parity, task.bits));
  RandomStream choice(seed, "parity_bits"), inputs(seed, "parity_inputs");
  std::vector<std::int64_t> counts = choice.permutation(task.bits);
  counts.resize(static_cast<std::size_t>(task.parity));
  std::sort(counts.begin(), counts.end());
  Examples examples;
  examples.features.reserve(static_cast<std::size_t>(count * task.bits));
  for (std::int64_t i = 0; i < count; ++i) {
    const std::size_t first = examples.features.size();
    for (std::int64_t bit = 0; bit < task.bits; ++bit)
      examples.features.push_back(inputs.below(2) == 0 ? -1.0f : 1.0f);
    std::int64_t negative = 0;
    for (const std::int64_t bit : counts)
      negative += examples.features[first + static_cast<std::size_t>(bit)] < 0 ? 1 : 0;
    examples.targets.push_back(negative % 2);
  }
  examples.feature_count = task.bits;
  examples.class_count = 2;
  examples.class_names = {"even", "odd"};
  examples.pool_size = count;
  examples.title = fmt::format("Parity of {} of {} bits", task.parity, task.bits);
  return examples;
}

}  // namespace grokscope
