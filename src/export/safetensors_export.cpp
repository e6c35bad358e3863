// Weights: read with all checks, then written again; a damaged checkpoint never leaves the run folder.
#include "export/safetensors_export.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "history/run_folder.h"

namespace grokscope {

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
  const Result<TensorFile> contents = read_checkpoint(run_path, wanted);
  if (!contents) return contents.error();
  return CheckedWeights{wanted, bytes_from_tensor_file(*contents)};
}

}  // namespace grokscope
