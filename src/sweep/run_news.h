// RunNews: what a worker process tells of a run, a line each: "trained 12". Any thread.
#pragma once

#include <optional>
#include <string_view>

namespace grokscope {

/// begun: nothing yet, its training starts now. busy: another sweep trains it just now.
enum class RunNews { begun, trained, failed, found, busy };

std::string_view name_of(RunNews news);
/// Nothing: it is no such word.
std::optional<RunNews> run_news_named(std::string_view name);

}  // namespace grokscope
