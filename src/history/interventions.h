// Interventions: what may change the numbers of a run while it trains, as one type. Each kind is one row in a
// file of its own (history/interventions/<kind>.cpp) that says how it is read, checked, applied and put into
// words; the list of them stands in interventions.cpp. --events, recorded runs, replays, the live controls,
// the rail and the flags on the charts know a kind by its row alone. Torch-free: what a kind does to a
// training goes through InterventionTarget. Any thread, except where said.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/config_json.h"
#include "config/fields.h"
#include "history/event.h"

namespace grokscope {

class History;

/// One change of a running training, as a value. `detail` holds the keys of its line in events.jsonl beside
/// step and kind.
struct Intervention {
  std::string kind;
  Json detail = Json::object();
};

/// What an intervention can do to a training; train/ implements it, tests may. Between two steps only.
class InterventionTarget {
 public:
  virtual ~InterventionTarget() = default;
  virtual const RunConfig& config() const = 0;  ///< as it is now
  /// Sets a live setting and carries it into the parts that hold a copy of it. Errors: unknown, not live,
  /// wrong type, out of range, at odds with another setting; then nothing changed.
  virtual Status set_live(std::string_view field, const FieldValue& value) = 0;
  /// Who computes the steps: "fused", "autograd".
  virtual std::string_view engine() const = 0;
  /// With train.engine = auto: the one to use from here on, where it can compute what the settings say. A
  /// replay asks for the one that was recorded.
  virtual void prefer_engine(std::string_view engine) = 0;
  virtual double weight_norm() const = 0;
  virtual void scale_weights(double factor) = 0;
};

/// The row of one kind. Every function but `lacks` is called with a detail that lacks nothing.
struct InterventionKind {
  std::string_view name;  ///< its "kind" in events.jsonl
  /// What the line does not have and needs, such as "\"value\", a number"; "" when it is complete.
  std::string (*lacks)(const Json& detail);
  /// Whether it can be done to a run of these settings; the error says why not.
  Status (*check)(const Json& detail, const RunConfig& config);
  /// What it leaves in the settings, without the checks between them (the trainer made those): a long record
  /// has thousands. nullptr: it leaves them alone.
  void (*settle)(const Json& detail, RunConfig& config);
  /// Does it, and says what was done: the detail of the event to record, with what was there before as
  /// "from". An error: it could not be done, and nothing changed.
  Result<Json> (*apply)(const Json& detail, InterventionTarget& target);
  std::string (*sentence)(const Json& detail);  ///< "Weight decay was changed to 0"
  std::string (*flag)(const Json& detail);      ///< "wd → 0", for the charts
  /// What it changes: two in a row with the same subject are one drag of a slider, of which the last counts.
  /// "": each counts.
  std::string (*subject)(const Json& detail);
};

std::span<const InterventionKind* const> intervention_kinds();
/// nullptr if there is none of that name.
const InterventionKind* find_intervention_kind(std::string_view name);

/// True for kinds that change the numbers of a run, and therefore are replayed.
bool is_intervention(const Event& event);
/// The intervention that an event records; only for is_intervention(event).
Intervention intervention_of(const Event& event);

/// Whether it can be done to a run of these settings; the error says why not.
Status check_intervention(const Intervention& intervention, const RunConfig& config);
/// See InterventionKind::apply. Trainer thread.
Result<Json> apply_intervention(const Intervention& intervention, InterventionTarget& target);

/// "Weight decay was changed to 0 at step 500.", "The weights were rescaled to norm 20 at step 500."; of
/// another version's kind: "its name at step 500."
std::string sentence_of(const Event& event);
/// "wd → 1", "training pairs → 60 %", "‖θ‖ → 20": what a flag on a chart says.
std::string flag_of(const Event& event);
/// See InterventionKind::subject; "" for what is no intervention.
std::string subject_of(const Event& event);
std::string subject_of(const Intervention& intervention);

/// The settings in force at `step`: those at the start with every intervention of a step <= `step` applied in
/// order. One that does not fit the settings (a run of another version) is passed over.
RunConfig config_at(const History& history, std::int64_t step);

/// The settings after an event: unchanged if it is no intervention or does not fit.
void apply_to_config(const Event& event, RunConfig& config);

}  // namespace grokscope
