// The runs beside the shown one, which panels draw as ghosts: at present the one before a reset or a restart
// with other settings, so that "what did my change do?" has an answer. Not the shown run itself. Main thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "history/history.h"

namespace grokscope {

struct OtherRun {
  std::shared_ptr<const History> history;  ///< metrics and interventions, thinned; no frames
  std::string label;                       ///< which one it is: "before: weight decay 1"
};

/// The evaluations and interventions of a run in bounded memory (at most `most` evaluations, evenly spread in
/// log step and in step; the first and the last stay). Costs O(most · log n).
History thinned(const History& full, std::size_t most = 20'000);

/// Whether two runs answer the same question, so that their curves may stand on the same axes: the same task
/// and preset. How much of it is trained on may differ.
bool comparable(const RunConfig& before, const RunConfig& next);

/// What was different in the run before, as its label: the settings at its start that `next` has otherwise,
/// then what was changed while it ran. "before: weight decay 1", "before: wd → 0 at step 300", "before: same
/// settings".
std::string label_of_previous(const History& before, const RunConfig& next);

/// The ghosts of a run with the settings `next` that takes the place of `shown` (nullptr: there was none),
/// which had `beside` it. A run that ended before it had a curve leaves the older ghost in its place.
std::vector<OtherRun> ghosts_of_next(const History* shown, const std::vector<OtherRun>& beside,
                                     const RunConfig& next);

}  // namespace grokscope
