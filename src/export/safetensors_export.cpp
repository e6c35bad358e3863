// Weights: read with all checks, then written again without what only a training needs; a damaged checkpoint
// never leaves the run folder.
#include "export/safetensors_export.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "history/run_folder.h"

namespace grokscope {
namespace {

/// What is no weight: optimizer and batch order, and how far the latter has come.
void drop_training_state(TensorFile& file) {
  const auto is_state = [](const auto& entry) {
    return entry.first.starts_with("optimizer.") || entry.first.starts_with("batches.");
  };
  std::erase_if(file.tensors, is_state);
  std::erase_if(file.metadata, is_state);
}

}  // namespace

Result<CheckedWeights> checked_weights(const std::string& run_path, std::optional<std::int64_t> step) {
  const std::vector<std::int64_t> steps = complete_checkpoints(run_path);
  if (steps.empty())
    return failure("cannot export the weights: the run has no complete checkpoint: " + run_path);
  const std::int64_t wanted = step.value_or(steps.back());
  if (!std::binary_search(steps.begin(), steps.end(), wanted)) {
    const std::int64_t nearest = *std::min_element(
        steps.begin(), steps.end(),
        [&](std::int64_t a, std::int64_t b) { return std::llabs(a - wanted) < std::llabs(b - wanted); });
    return usage_error("cannot export the weights: there is no complete checkpoint of step " +
                       grouped(wanted) + "; the nearest is that of step " + grouped(nearest) + ": " +
                       run_path);
  }
  Result<TensorFile> contents = read_checkpoint(run_path, wanted);
  if (!contents) return contents.error();
  drop_training_state(*contents);
  contents->metadata["schema"] = kWeightsSchema;
  return CheckedWeights{wanted, bytes_from_tensor_file(*contents), contents->tensors.contains("flat")};
}

}  // namespace grokscope
