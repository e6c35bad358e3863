// Task `addition`: plain a + b of 0 .. p-1, each unordered pair once (Liu et al. 2022, effective theory).
// Every sum has a random target vector of its own; with loss mse the nearest one is the answer.
#include <fmt/format.h>

#include "base/random.h"
#include "config/task_kinds.h"
#include "data/tasks/examples.h"

namespace grokscope {
namespace {

constexpr std::int64_t kSumVectorWidth = 30;  // of the paper's code, toy/train_add.py
constexpr std::int64_t kLargestAddition = 1024;

}  // namespace

Result<Examples> addition_examples(const TaskConfig& task, std::uint64_t seed) {
  const std::int64_t p = task.modulus;
  if (p < 2 || p > kLargestAddition) {
    return usage_error(fmt::format("task.modulus is {}: it must be in 2 .. {}", p, kLargestAddition));
  }
  const std::int64_t sums = 2 * p - 1;
  Examples examples =
      examples_of_pairs(p, sums, [](std::int64_t a, std::int64_t b) { return a <= b ? a + b : kNoSuchPair; });
  RandomStream random(seed, "sum_vectors");
  for (std::int64_t i = 0; i < sums * kSumVectorWidth; ++i) {
    examples.target_vectors.push_back(static_cast<float>(random.normal()));
  }
  examples.output_count = kSumVectorWidth;
  examples.title = task_kind_of(task).title(task);
  return examples;
}

}  // namespace grokscope
