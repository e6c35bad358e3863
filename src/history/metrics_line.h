// One line of metrics.jsonl in exactly the form that line_from_evaluation() writes, read without building a
// JSON document: reopening a run of a million evaluations is this function. Whatever looks any different is
// left to the general reader, which also finds the words for an error. Untrusted input. Any thread.
#pragma once

#include <string_view>

#include "history/evaluation.h"

namespace grokscope {

/// False: not in that form, and `evaluation` may be half filled. True: the same values that
/// evaluation_from_line() would give.
bool read_metrics_line(std::string_view line, Evaluation& evaluation);

}  // namespace grokscope
