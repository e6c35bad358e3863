// RunFacts: what the task and the machine of a run turned out to be: known once, before the first step, and
// kept in the run folder as facts.json, so that a recorded run knows what a live one knows. Never what a
// setting says. What is read is untrusted. Torch-free. Any thread; a value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json_text.h"
#include "base/result.h"
#include "config/run_config.h"

namespace grokscope {

struct RunFacts {
  std::string title;   ///< "a + b mod 53"
  std::string device;  ///< "CPU" or the GPU's name
  std::string torch_version, blas, engine;
  int threads = 1;
  std::int64_t parameter_count = 0;
  std::int64_t pool_size = 0, total_examples = 0, left_tokens = 0, right_tokens = 0, class_count = 0;
  /// The share of the commonest true answer among all examples: what guessing gets right. 0 when the answers
  /// are numbers.
  double majority_share = 0.0;
};

/// The facts of a run that was recorded without them: what its settings tell; counts that only the data know
/// stay 0.
RunFacts facts_from_settings(const RunConfig& config);

/// The text of facts.json, docs/schema/facts.schema.json.
std::string text_from_facts(const RunFacts& facts);
Json json_from_facts(const RunFacts& facts);
/// Keys that are missing stay as in RunFacts{}, unknown ones are passed over. Errors: not such a file, or a
/// value that cannot be.
Result<RunFacts> facts_from_text(std::string_view text, const std::string& source);

}  // namespace grokscope
