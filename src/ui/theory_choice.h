// Which study the panel Theory shows and with which values: what a user chose, over what each study begins
// with. Main thread.
#pragma once

#include <memory>
#include <string_view>

#include "config/presets.h"
#include "history/history.h"
#include "ui/view_state.h"

namespace grokscope {

/// The study that is chosen; the first when none is.
const theory::Study& chosen_study(const ViewState& view);
/// Its values as the sliders stand.
theory::StudyValues chosen_values(const ViewState& view, const theory::Study& study);
/// What is to be computed, but for the run.
theory::StudyRequest study_request(const ViewState& view);
/// The study's name and values of a preset that opens one; an error names what is wrong in it.
Result<ShowStudy> study_of(const PresetOpens& opens);
/// Opens the panel with them.
void show_study(ViewState& view, const ShowStudy& what);

/// The accuracies of a run, at most 300 of its evaluations; nullptr before there are two.
std::shared_ptr<const theory::RunCurves> run_curves(const RunView& run);

}  // namespace grokscope
