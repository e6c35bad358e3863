// See theory_choice.h.
#include "ui/theory_choice.h"

#include <utility>

#include "ui/panels/theory_controls.h"

namespace grokscope {

const theory::Study& chosen_study(const ViewState& view) {
  const theory::Study* study = theory::find_study(view.choices.of(panel::kStudy.name));
  return study != nullptr ? *study : theory::studies().front();
}

theory::StudyValues chosen_values(const ViewState& view, const theory::Study& study) {
  const auto found = view.studies.find(std::string(study.name));
  return found != view.studies.end() ? found->second : theory::initial_values(study);
}

theory::StudyRequest study_request(const ViewState& view) {
  const theory::Study& study = chosen_study(view);
  return {&study, chosen_values(view, study), nullptr};
}

Result<ShowStudy> study_of(const PresetOpens& opens) {
  const auto study = theory::study_named(opens.theory);
  if (!study) return study.error();
  ShowStudy show{opens.theory, theory::initial_values(**study)};
  for (const std::string& assignment : opens.assignments) {
    if (Status set = theory::set_parameter_from_text(**study, show.values, assignment); !set)
      return set.error();
  }
  return show;
}

void show_study(ViewState& view, const ShowStudy& what) {
  view.choices.set(panel::kStudy.name, what.study);
  view.studies.insert_or_assign(what.study, what.values);
  view.full_panel = "theory";
}

std::shared_ptr<const theory::RunCurves> run_curves(const RunView& run) {
  constexpr std::size_t kMost = 300;
  if (run.history == nullptr) return nullptr;
  const auto& all = run.history->evaluations();
  if (all.size() < 2) return nullptr;
  auto curves = std::make_shared<theory::RunCurves>();
  curves->name = run.run_path.empty() && run.config->preset.empty()
                     ? std::string("this run")
                     : (run.config->preset.empty() ? "own settings" : run.config->preset) + ", seed " +
                           std::to_string(run.config->seed);
  const std::size_t every = (all.size() + kMost - 1) / kMost;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i % every != 0 && i + 1 != all.size()) continue;
    curves->steps.push_back(static_cast<double>(all[i].step));
    curves->train_accuracy.push_back(all[i].train_accuracy);
    curves->test_accuracy.push_back(all[i].test_accuracy);
  }
  return curves;
}

}  // namespace grokscope
