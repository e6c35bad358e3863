// The text files of a run folder as functions over bytes: metrics.jsonl, events.jsonl, scalars.jsonl,
// config.json. No disk here, so that fuzzing reaches all of it. Everything read is untrusted. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "history/evaluation.h"
#include "history/event.h"
#include "history/frame.h"
#include "history/run_folder.h"

namespace grokscope {

/// One line of metrics.jsonl, without the line break. Non-finite values are null, with a note under
/// "nonfinite".
std::string line_from_evaluation(const Evaluation& evaluation);
Result<Evaluation> evaluation_from_line(std::string_view line, const std::string& source);

/// What a JSON Lines file held. A torn or unreadable last line is left out; `valid_bytes` ends before it.
template <typename T>
struct Lines {
  std::vector<T> values;
  std::size_t valid_bytes = 0;
  std::string repair;  ///< "dropped a torn last line of metrics.jsonl (line 12)", "" if nothing was wrong
};

/// Bounds on what is believed to be the record of a run; enough for two million evaluations.
/// A line that is longer is damaged: no program of this kind wrote it.
constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20;
constexpr std::uint64_t kMaxMetricsBytes = std::uint64_t{768} << 20;
constexpr std::size_t kMostEvaluations = 2'500'000;
constexpr std::uint64_t kMaxEventsBytes = std::uint64_t{64} << 20;
constexpr std::size_t kMostEvents = 200'000;
constexpr std::uint64_t kMaxScalarsBytes = std::uint64_t{128} << 20;
constexpr std::size_t kMostLooks = 2'500'000;

/// `source` is the path; a damaged line that is not the last is an error "... line 3: <path>". Steps must
/// increase.
Result<Lines<Evaluation>> metrics_from_text(std::string_view text, const std::string& source);
Result<Lines<Event>> events_from_text(std::string_view text, const std::string& source);
/// Hands over the looks of scalars.jsonl, in the order of the file: a later one of the same probe and step
/// counts. What `keep` refuses is a damaged line.
Result<Lines<std::monostate>> read_scalars_text(std::string_view text, const std::string& source,
                                                const std::function<Status(const ProbeScalars&)>& keep);

struct ConfigFile {
  RunConfig config;
  Provenance made_by;
};
std::string text_from_config_file(const ConfigFile& file);
Result<ConfigFile> config_file_from_text(std::string_view text, const std::string& source);

Json json_from_provenance(const Provenance& provenance);

}  // namespace grokscope
