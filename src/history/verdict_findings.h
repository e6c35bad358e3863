// The part of the verdict that speaks of findings: stages of test accuracy, the rank of the features, the
// forecast. Not the phases (verdict.cpp). Pure functions; main thread.
#pragma once

#include <cstdint>
#include <string>

#include "history/history.h"

namespace grokscope {

/// "64 %", "99.6 %"; never rounds up to 100 %.
std::string share_text(double share);

/// Sentences, each with a blank before it; "" when there is nothing to say at that step.
std::string findings_in_words(const History& history, std::int64_t step);

}  // namespace grokscope
