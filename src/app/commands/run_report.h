// What a finished run says for itself, as the JSON of `run --json` and as text. Main thread.
#pragma once

#include <string>

#include "session/session.h"

namespace grokscope {

/// What `run --json` prints: every key of it (docs/command-line.md).
Json json_of_run(const Session& session);
/// What is missing from the record, and why.
std::string losses_in_words(const WriterReport& record);
/// A few lines for a person.
std::string text_of_run(const Session& session);

}  // namespace grokscope
