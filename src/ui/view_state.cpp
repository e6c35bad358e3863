#include "ui/view_state.h"

#include <algorithm>

namespace grokscope {

RunView view_of(const Session& session) {
  return {.history = &session.history(),
          .config = &session.config(),
          .status = &session.status(),
          .facts = session.facts() ? &*session.facts() : nullptr,
          .live = session.live(),
          .run_path = session.run_path()};
}

void next_theme(ViewState& view) {
  view.theme = view.theme == ThemeKind::dark    ? ThemeKind::light
               : view.theme == ThemeKind::light ? ThemeKind::projector
                                                : ThemeKind::dark;
}

bool can_train(const RunView& run) {
  return run.live && run.status->state != RunState::stopped && run.status->error.empty();
}

bool is_over(const RunView& run) {
  return !run.live || run.status->state == RunState::stopped;
}

std::int64_t shown_step(const RunView& run, const ViewState& view) {
  const Evaluation* last = run.history == nullptr ? nullptr : run.history->last();
  if (last == nullptr) return 0;
  return view.scrub_step ? std::clamp<std::int64_t>(*view.scrub_step, 0, last->step) : last->step;
}

const std::vector<SpeedChoice>& speed_choices() {
  static const std::vector<SpeedChoice> choices = {
      {"paced", -1.0},        {"5 steps/s", 5.0},        {"20 steps/s", 20.0}, {"50 steps/s", 50.0},
      {"200 steps/s", 200.0}, {"1 000 steps/s", 1000.0}, {"full", 0.0}};
  return choices;
}

int full_speed_index() {
  return static_cast<int>(speed_choices().size()) - 1;
}

}  // namespace grokscope
