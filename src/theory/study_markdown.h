// docs/theory.md as the tables of the studies give it: a test compares the two. Any thread.
#pragma once

#include <string>

namespace grokscope::theory {

std::string study_markdown();

}  // namespace grokscope::theory
