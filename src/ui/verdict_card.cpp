#include "ui/verdict_card.h"

#include <cmath>

#include "base/text.h"
#include "history/phases.h"
#include "theory/learning_phase.h"
#include "ui/panels/common.h"
#include "ui/top_bar.h"

namespace grokscope {

VerdictLength fitting_length(Ui& ui, const RunView& run, const Rect& room) {
  VerdictLength length = VerdictLength::fact;
  for (const VerdictLength longer : {VerdictLength::first_sentence, VerdictLength::whole}) {
    if (verdict_card(ui, run, room, false, longer) <= room.height) length = longer;
  }
  return length;
}

float verdict_card(Ui& ui, const RunView& run, const Rect& rect, bool paint, VerdictLength length) {
  if (run.history == nullptr) return 0.0f;
  const std::int64_t step = shown_step(run, ui.view);
  Verdict verdict = verdict_at(*run.history, step);
  if (has_no_run(run))
    verdict = {"No run has begun.",
               "What is shown is computed, not trained. Again begins a run; so does any preset that trains."};
  if (!run.status->error.empty()) verdict = {"It could not go on.", panel::sentence_of(run.status->error)};
  const theory::LearningPhase phase = learning_phase_at(*run.history, step);
  std::vector<TextRun> runs = {{verdict.fact, ui.style(14.0f, ui.theme().text, Face::semibold)},
                               {verdict.sentence, ui.style(14.0f, ui.theme().text)}};
  if (phase != theory::LearningPhase::undecided) {
    runs.push_back({kind_of_learning_in_words(*run.history, step), ui.style(14.0f, ui.theme().dim)});
  }
  if (length != VerdictLength::whole) runs.resize(length == VerdictLength::fact ? 1 : 2);
  if (length == VerdictLength::first_sentence) {
    const std::size_t end = verdict.sentence.find(". ");
    if (end != std::string::npos) runs[1].text.resize(end + 1);
  }
  const float pad = ui.px(12.0f),
              line = std::round(ui.px(19.5f) + ui.theme().type_step_px * ui.painter.scale());
  Rect text{rect.x + pad + ui.px(3.0f), rect.y + pad, rect.width - 2 * pad - ui.px(3.0f), 0};
  const float height = ui.painter.paragraph(text, runs, line, true) + 2 * pad;
  if (!paint) return height;
  const Rect card{rect.x, rect.y + rect.height - height, rect.width, height};
  text.y = card.y + pad;
  ui.painter.rect(card, color_of(ui.theme(), role_of_phase(*run.history, step)), ui.px(8.0f));
  ui.painter.box({card.x + ui.px(3.0f), card.y, card.width - ui.px(3.0f), card.height}, ui.theme().panel,
                 ui.theme().line, ui.px(6.0f));
  ui.painter.paragraph(text, runs, line);
  const ItemState state =
      item(ui, "verdict", card,
           "What the run is doing, from its numbers alone. Click to copy the sentence.\n" +
               (length == VerdictLength::whole ? "" : verdict.fact + " " + verdict.sentence + "\n") +
               std::string(theory::meaning_of(phase)));
  if (state.pressed)
    ui.actions.push_back(
        CopyText{verdict.fact + " " + verdict.sentence,
                 "The sentence is in the clipboard: \"" + verdict.fact + " " + verdict.sentence + "\""});
  return height;
}

}  // namespace grokscope
