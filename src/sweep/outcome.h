// Outcome: what is kept of one run of a sweep, instead of a run folder: one line of a shard. Torch-free. A
// value; any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "base/result.h"
#include "history/evaluation.h"
#include "history/history.h"
#include "session/session.h"

namespace grokscope {

/// At most kMostSeriesPoints of a metric, evenly over the evaluations, the first and the last among them.
struct OutcomeSeries {
  std::string name;
  std::vector<std::int64_t> steps;
  std::vector<double> values;
};
inline constexpr std::size_t kMostSeriesPoints = 200;

struct Outcome {
  static constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  std::string key;
  std::vector<std::string> record;  ///< names of the series that were wanted, sorted
  std::string stopped;              ///< steps | until | diverged | failed
  std::string error;                ///< why it failed
  Blame blame = Blame::failure;     ///< who has to change something about that
  std::string version;              ///< of the program
  int numerics = 0;
  std::string engine;              ///< fused | autograd, "" if it could not start
  Json settings = Json::object();  ///< that differ from the defaults, by dotted name
  std::int64_t seed = 0;
  std::string until;
  Json events = Json::array();  ///< interventions, as in events.jsonl
  FirstSteps first;
  Evaluation last;  ///< at its end
  double best_test_accuracy = kNan;
  std::string phase;     ///< of the four phases of learning (theory/learning_phase.h)
  double seconds = 0.0;  ///< of training
  std::vector<OutcomeSeries> series;

  bool failed() const { return stopped == kFailed; }
  static constexpr std::string_view kFailed = "failed";
};

/// What a run is known by, before it is trained.
struct OutcomeRequest {
  std::string key, until;
  std::vector<std::string> record;
  Json events = Json::array();
};
/// Of a run that has ended by itself.
Outcome outcome_of(const OutcomeRequest& request, const Session& session);
/// Of one that could not start or go on.
Outcome failed_outcome(const OutcomeRequest& request, const RunConfig& config, const Error& why);

/// One line, without its end: docs/schema/outcome.schema.json.
std::string line_from_outcome(const Outcome& outcome);
Result<Outcome> outcome_from_line(std::string_view line, const std::string& source);

/// The points of a series as JSON: {"step":[0,10],"value":[0.1,0.2]}; what is not finite is a text there.
struct SeriesPoints {
  std::string name, points;
};
/// The outcome without its series, and those as texts: most of a line is copied and not parsed.
struct OutcomeWithPoints {
  Outcome outcome;
  std::vector<SeriesPoints> series;
};
Result<OutcomeWithPoints> outcome_and_points(std::string_view line, const std::string& source);

/// The beginning of a line, read without the rest: what tells whether it is wanted.
struct OutcomeHead {
  std::string_view key;
  std::string_view record;  ///< as in the line: "test_accuracy","train_loss"
  std::string_view stopped;
};
/// Nothing: it is no outcome that this version wrote.
std::optional<OutcomeHead> head_of_line(std::string_view line);
/// The schema that a line names, if it is one of outcomes: "grokscope.outcome/2".
std::string schema_of_line(std::string_view line);
inline constexpr std::string_view kOutcomeSchema = "grokscope.outcome/1";
/// Whether every wanted series is among those of the head.
bool covers(std::string_view record_of_head, const std::vector<std::string>& wanted);

}  // namespace grokscope
