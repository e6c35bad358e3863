// What a person does with sweeps in the window.
#include <algorithm>
#include <array>

#include "app/main_window.h"
#include "base/text.h"
#include "sweep/plan_json.h"
#include "sweep/plan_over.h"
#include "sweep/train_runs.h"
#include "ui/panels/sweep_charts.h"

namespace grokscope {
namespace {

/// How long a run of a sweep around this one lasts at most: four times as long as it took to generalise.
std::int64_t steps_of_cells(const RunView& run) {
  constexpr std::int64_t kLeast = 1000, kUnknown = 3000, kTimes = 4;
  const std::int64_t all = run.config->train.steps;
  const std::int64_t grokked = run.history->first_steps().test_95;
  if (grokked < 0) return std::min(all, kUnknown);
  return std::min(all, std::max(kLeast, (kTimes * grokked + kLeast - 1) / kLeast * kLeast));
}

/// "weight_decay-train_fraction", "seeds".
std::string name_of_plan_over(const std::vector<std::string>& fields) {
  std::string name;
  for (const std::string& field : fields)
    name += (name.empty() ? "" : "-") + field.substr(field.find_last_of('.') + 1);
  return name.empty() ? "seeds" : name;
}

}  // namespace

/// The run, the sweep beside it, and what is computed.
RunView Window::shown() const {
  RunView run = runs_->view();
  run.sweep = sweeps_.view();
  run.theory = theory_.view();
  return run;
}

void Window::begin_sweep(const StartSweep& what) {
  const RunView run = runs_->view();
  auto plan =
      what.plan.empty() ? plan_over(*run.config, what.fields, steps_of_cells(run)) : load_plan(what.plan);
  if (!plan) return say(plan.error().message, true);
  begin_sweep(std::move(*plan), what.plan.empty() ? name_of_plan_over(what.fields) : what.plan);
}

void Window::begin_sweep(SweepPlan plan, const std::string& name) {
  const std::int64_t runs = static_cast<std::int64_t>(plan.runs()), steps = plan.base.train.steps;
  view_.full_panel = panel_of(plan);
  sweeps_.begin(std::move(plan), name);
  Toast toast;
  toast.text = grouped(runs) + " runs of at most " + grouped(steps) +
               " steps begin behind this one. Results go to " + sweeps_.folder();
  toast.copies = sweeps_.folder();
  toast.copy_label = "Copy the folder's path";
  say(std::move(toast));
}

void Window::show_sweep(DroppedSweep sweep) {
  if (sweep.folder.empty()) return begin_sweep(std::move(sweep.plan), sweep.name);
  view_.full_panel = panel_of(sweep.plan);
  sweeps_.open(std::move(sweep.plan), sweep.folder);
  say("Looking at the sweep in " + sweep.folder + ". Right click: go on with it.");
}

void Window::toggle_sweep() {
  if (!sweeps_.toggle())
    say("There is no sweep: right click a slider, or the panel Sweep, to begin one.", true);
}

void Window::open_sweep_run(std::size_t run) {
  const SweepView* sweep = sweeps_.view();
  if (sweep == nullptr || sweep->news.table == nullptr || run >= sweep->news.table->rows.size()) return;
  if (!sweep->plan->keep_runs) return train_sweep_run(run);
  files_->add<Result<DroppedFile>>(
      "open the run",
      [plan = *sweep->plan, folder = SweepFolder{sweeps_.folder()}, run]() -> Result<DroppedFile> {
        const std::string path = folder.records().find(RunPlans(plan).at(run).request.key);
        return path.empty() ? failure("this run has left no folder") : read_dropped(path);
      },
      [this, run, step = sweep->news.table->rows[run].test_95](Result<DroppedFile> file) {
        if (!file) return train_sweep_run(run);
        view_.full_panel.clear();
        show(std::move(*file));
        if (step >= 0) look_at(step);
      });
}

/// What it leaves behind is a few numbers; a small run is trained again as fast as one is looked up, and then
/// every panel can look inside.
void Window::train_sweep_run(std::size_t run) {
  const SweepView* sweep = sweeps_.view();
  if (sweep == nullptr || sweep->news.table == nullptr || run >= sweep->news.table->rows.size()) return;
  const SweepRow& row = sweep->news.table->rows[run];
  RunConfig config = config_of(*sweep->plan, run);
  view_.speed_index = full_speed_index();
  view_.full_panel.clear();
  next_awaited_step_ = row.test_95 >= 0 ? std::optional(row.test_95) : std::nullopt;
  restart(config, {});
  say(row.test_95 >= 0 ? "This run of the sweep trains again, to step " + grouped(row.test_95) +
                             ", where it generalises. S: back to the sweep."
                       : "This run of the sweep trains again. S: back to the sweep.");
}

void Window::look_at_awaited_step() {
  const Evaluation* last = runs_->view().history->last();
  if (!awaited_step_ || last == nullptr || last->step <= *awaited_step_) return;
  look_at(*awaited_step_);
  awaited_step_.reset();
}

bool Window::pump_sweep() {
  const bool news = sweeps_.pump();
  const RunView run = shown();
  if (run.sweep == nullptr) return news;
  const PanelContext context = panel_context(run, view_);
  if (const auto grid = panel::grid_of(context))
    sweeps_.look_at_cell(panel::cell_of_interest(context, *grid));
  return news;
}

}  // namespace grokscope
