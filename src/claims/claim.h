// Claim: one statement of a paper that can be checked here: what was published, which runs it takes, what
// counts as holding and why. Values and pure functions; nothing here trains. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chart/chart.h"
#include "history/history.h"
#include "sweep/plan.h"

namespace grokscope {

enum class ClaimSize {
  quick,  ///< scaled down: one core, at most about three minutes
  full    ///< the paper's own size
};

/// One run of a claim after its end.
struct TrainedRun {
  PlannedRun run;
  History history;      ///< its numbers and events, not the frames
  std::string stopped;  ///< steps | until | diverged
};

/// What came out. `explanation` is empty when it holds.
struct Judgement {
  std::string measured;
  bool holds = false;
  std::string explanation;
  std::vector<Chart> charts;  ///< one picture, the charts side by side
};

struct Claim {
  std::string_view name;       ///< "omnigrok-degrok": fixed, scripts rely on it
  std::string_view paper;      ///< "Liu et al. 2022, Omnigrok"
  std::string_view figure;     ///< "Figure 7b"
  std::string_view statement;  ///< what the paper says, one sentence
  std::string_view published;  ///< the published numbers
  std::string_view expected;   ///< what counts as holding here; for both sizes
  std::string_view why;        ///< why that tolerance
  std::string_view quick;      ///< what the quick form leaves out
  std::string_view
      changed;  ///< which criterion or form was changed after a look at results, and why; "" = none
  std::string_view preset;  ///< opens the claim live in the window
  std::string_view data;    ///< what `scripts/fetch-data` has to fetch first; "" = nothing
  std::vector<PlannedRun> (*runs)(ClaimSize size);
  /// `trained` in the order of runs(size), all of them.
  Judgement (*judge)(std::span<const TrainedRun> trained, ClaimSize size);
};

}  // namespace grokscope
