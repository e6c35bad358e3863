// A whole metrics.jsonl at once, on every core: for long records that nothing is wrong with. Not for damaged
// files: those are read line by line, with words for what is wrong (run_text.h). Any thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "history/evaluation.h"

namespace grokscope {

/// All lines, if every one is as line_from_evaluation() writes it, the last one is complete and steps
/// increase; nothing otherwise.
std::optional<std::vector<Evaluation>> read_metrics_lines(std::string_view text);

}  // namespace grokscope
