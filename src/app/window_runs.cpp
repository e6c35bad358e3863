// Window: which run it shows. Starting one, opening one, going on with one; what cannot be is refused and the
// shown run stays. The disk is asked on the thread for files. Main thread.
#include <GLFW/glfw3.h>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <variant>

#include "app/look_around.h"
#include "app/main_window.h"
#include "base/text.h"
#include "config/fields.h"
#include "contract/training_library.h"
#include "ui/open_sheet.h"

namespace grokscope {
namespace {

constexpr int kFramesAfterNews = 3;

bool has_same_task(const RunConfig& one, const RunConfig& other) {
  const auto all = fields();
  return std::all_of(all.begin(), all.end(), [&](const Field& field) {
    return !field.name.starts_with("task.") || field.get(one) == field.get(other);
  });
}

}  // namespace

void Window::after_new_run() {
  dashboard_.tiles().forget();
  renderer_->forget_all();
  view_.scrub_step.reset();
  awaited_step_ = std::exchange(next_awaited_step_, std::nullopt);
  view_.hover_step.reset();
  view_.zoomed.clear();
  view_.drag.reset();
  view_.draft_edits.clear();
  view_.draft_texts.clear();
  view_.rescale_text.clear();
  view_.refused.clear();
  view_.typing = {};
  view_.pending.clear();
  last_error_.clear();
  frames_left_ = kFramesAfterNews;
  const std::string& preset = runs_->view().config->preset;
  window_->set_title("Grokscope" + (preset.empty() ? std::string() : " · " + preset));
}

/// What is shown stays until it is known that the other can be: a formula may be none, a file missing.
void Window::restart(const RunConfig& config, std::vector<Event> scripted, bool from_form) {
  const RunView run = runs_->view();
  if (run.status->error.empty() && has_same_task(config, run.history->config()))
    return start_now(config, std::move(scripted), from_form);
  files_->add<Status>(
      "start it",
      [config]() -> Status {
        const auto library = load_training_library();
        return library ? (*library)->check_task(config.task, config.seed) : Status(library.error());
      },
      [this, config, scripted = std::move(scripted), from_form](const Status& usable) {
        if (usable)
          start_now(config, scripted, from_form);
        else
          refuse(usable.error(), from_form);
      });
}

void Window::refuse(const Error& error, bool from_form) {
  next_awaited_step_.reset();
  const bool in_form = from_form && view_.form_open && !view_.rail_hidden;
  if (in_form) {
    view_.refused = error.message;
    view_.refused_is_new = true;
  }
  frames_left_ = kFramesAfterNews;
  if (!in_form) say(error.message, true);
}

void Window::start_now(const RunConfig& config, std::vector<Event> scripted, bool from_form) {
  const double speed = speed_choices()[static_cast<std::size_t>(view_.speed_index)].steps_per_second;
  dashboard_.tiles().forget();
  if (const Status started = runs_->start(config, "", speed, std::move(scripted)); !started)
    return refuse(started.error(), from_form);
  if (from_form) view_.form_open = false;
  after_new_run();
}

void Window::train_on() {
  const std::string path = runs_->view().run_path;
  if (goes_on_ || path.empty()) return;
  if (!runs_->session()->at_rest()) return say("The end of this run is still being written: a moment.", true);
  goes_on_ = true;
  files_->add<Result<ContinuedRun>>(
      "go on with the run", [path] { return continue_run(path); },
      [this, path](Result<ContinuedRun> run) {
        goes_on_ = false;
        if (!run) return say(run.error().message, true);
        const std::int64_t end = run->run.history.config().train.steps;
        const std::vector<std::string> repairs = run->run.repairs;
        const double speed = speed_choices()[static_cast<std::size_t>(view_.speed_index)].steps_per_second;
        dashboard_.tiles().forget();
        if (const Status on = runs_->go_on(std::move(*run), path, speed); !on)
          return say(on.error().message, true);
        after_new_run();
        say("This run goes on to step " + grouped(end) + ", in its own folder.");
        tell_repairs(repairs);
      });
}

void Window::look_at(std::int64_t step) {
  const Evaluation* last = runs_->view().history->last();
  if (last != nullptr && step < last->step) view_.scrub_step = step;
}

void Window::show(DroppedFile file) {
  if (auto* recorded = std::get_if<RecordedRun>(&file)) {
    dashboard_.tiles().forget();
    const std::vector<std::string> repairs = std::move(recorded->run.repairs);
    runs_->show_recorded(std::move(recorded->run), recorded->path);
    after_new_run();
    if (recorded->step) look_at(*recorded->step);
    say("Looking at the recorded run " + recorded->path);
    tell_repairs(repairs);
  } else if (auto* sweep = std::get_if<DroppedSweep>(&file)) {
    show_sweep(std::move(*sweep));
  } else if (auto* picture = std::get_if<ReopenedPicture>(&file)) {
    restart(picture->config, std::move(picture->events));
    say("Running again what this shows: same settings, same seed, same interventions.");
  } else {
    restart(std::get<RunConfig>(file), {});
  }
}

void Window::open_path(const std::string& path) {
  files_->add<Result<DroppedFile>>(
      "open it", [path] { return read_dropped(path); },
      [this](Result<DroppedFile> file) {
        frames_left_ = kFramesAfterNews;
        if (file) {
          view_.opening = {};
          show(std::move(*file));
        } else if (view_.opening.open) {
          view_.opening.wrong = file.error().message;
        } else {
          say(file.error().message, true);
        }
      });
}

void Window::look_around_for_sheet() {
  files_->add<Result<LookedAround>>(
      "look at the folder",
      [folder = std::string(folder_of_typed(view_.opening.text)), recent = view_.recent] {
        return look_around(folder, recent);
      },
      [this](Result<LookedAround> seen) {
        if (!seen) return;
        frames_left_ = kFramesAfterNews;
        view_.opening.folder = std::move(seen->folder);
        view_.opening.names = std::move(seen->names);
        for (RecentRun& run : view_.recent) {
          const auto looked = std::find_if(seen->recent.begin(), seen->recent.end(),
                                           [&](const RecentRun& one) { return one.path == run.path; });
          if (looked != seen->recent.end()) run = *looked;
        }
      });
}

/// The shown run, once it has a folder, is the newest of the recent ones.
void Window::remember_run() {
  constexpr std::size_t kMostRecent = 20;
  const std::string& path = runs_->view().run_path;
  if (path.empty() || path == remembered_run_) return;
  remembered_run_ = path;
  std::error_code ignored;
  const std::string whole = std::filesystem::absolute(path, ignored).lexically_normal().string();
  std::erase_if(view_.recent, [&](const RecentRun& run) { return run.path == whole; });
  view_.recent.insert(view_.recent.begin(), RecentRun{whole, "", false});
  if (view_.recent.size() > kMostRecent) view_.recent.resize(kMostRecent);
}

}  // namespace grokscope
