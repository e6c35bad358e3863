// No subcommand: the window; where there is no display, the same run without one.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "app/commands/commands.h"
#include "app/commands/run_headless.h"
#include "app/dropped_file.h"
#include "app/shown_sweep.h"
#include "app/window.h"
#include "base/home_path.h"
#include "base/json_text.h"
#include "base/read_file.h"
#include "config/presets.h"
#include "ui/theory_choice.h"

namespace grokscope {
namespace {

struct WindowRequest {
  RunChoice choice;
  std::string measure;  ///< what `bench` watches the window for
  bool full_speed = false;
};

/// What the window opens and `run` does not: a picture, a table, a file of a run.
bool opens_as_dropped(const std::string& source) {
  constexpr std::array<std::string_view, 6> kEndings = {".png", ".svg",   ".csv",
                                                        ".tsv", ".jsonl", ".safetensors"};
  const std::filesystem::path path = source;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  const std::string ending = path.extension().string();
  return path.filename() == "snapshot.json" ||
         std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

/// The folder of a sweep, or a plan in a file.
bool is_sweep(const std::string& source) {
  std::error_code error;
  if (is_sweep_folder(source)) return true;
  if (!source.ends_with(".json") || !std::filesystem::is_regular_file(source, error)) return false;
  constexpr std::uint64_t kLargestPlan = std::uint64_t{16} << 20;
  const auto text = read_file(source, kLargestPlan);
  const auto json = text ? parse_json(*text, source, kLargestPlan) : Result<Json>(text.error());
  return json && json->is_object() && json->contains("base") &&
         (json->contains("axes") || json->contains("runs"));
}

/// What a preset opens besides its run, or in its place: then the settings are those of a run that has not
/// begun.
Result<RunConfig> config_of_preset(const Preset& preset, const RunChoice& choice, WindowOptions& options) {
  options.plan = preset.opens.sweep;
  if (preset.opens.theory.empty()) return config_of(choice);
  if (!choice.assignments.empty() || choice.steps || choice.seed) {
    return usage_error(preset.name +
                       " is computed and not trained: it has no settings of a run; `grokscope theory " +
                       preset.opens.theory + " --set NAME=VALUE` changes its parameters");
  }
  auto study = study_of(preset.opens);
  if (!study) return study.error();
  options.study = std::move(*study);
  return find_preset("quickstart")->config;
}

/// The settings to begin with; `options` get what else the file says.
Result<RunConfig> config_to_open(const RunChoice& choice, WindowOptions& options) {
  if (const Preset* preset = find_preset(choice.source)) return config_of_preset(*preset, choice, options);
  RunChoice chosen = choice;
  chosen.source = with_home(choice.source);
  std::error_code error;
  if (is_sweep(chosen.source)) {
    auto opened = read_dropped(chosen.source);
    if (!opened) return opened.error();
    const SweepPlan& plan = std::get<DroppedSweep>(*opened).plan;
    options.sweep = chosen.source;
    return chosen_config(config_of(plan, middle_run(plan)), choice);  // one of it runs beside it
  }
  if (std::filesystem::is_directory(chosen.source, error)) {  // a recorded run: to look at
    options.recorded_run = chosen.source;
    chosen.source += "/config.json";
  }
  if (!opens_as_dropped(chosen.source)) return config_of(chosen);
  Result<DroppedFile> file = read_dropped(chosen.source);
  if (!file) return file.error();
  if (const auto* recorded = std::get_if<RecordedRun>(&*file)) {
    options.recorded_run = chosen.source;
    return recorded->run.history.config();
  }
  if (auto* picture = std::get_if<ReopenedPicture>(&*file)) {
    options.trainer.scripted = std::move(picture->events);
    return chosen_config(std::move(picture->config), chosen);
  }
  return chosen_config(std::get<RunConfig>(std::move(*file)), chosen);
}

int open_window(const WindowRequest& request) {
  const RunChoice& choice = request.choice;
  const RunChoice& chosen = choice;
  WindowOptions options;
  auto config = config_to_open(choice, options);
  if (!config) return report(config.error());
  auto device = parse_device(chosen.device);
  if (!device) return report(device.error());
  options.trainer.device = *device;
  options.trainer.threads = chosen.threads;
  options.full_speed = request.full_speed;
  if (!request.measure.empty()) {
    auto goal = parse_measure_goal(request.measure);
    if (!goal) return report(goal.error());
    options.measure = *goal;
    options.remember = false;
  }
  const int exit_code = run_window(*config, options);
  if (exit_code != kNoDisplay) return exit_code;
  if (options.study) {
    return report(failure("there is no display to show it on: `grokscope theory " + options.study->study +
                          "` computes it, with -o FILE.png as a picture"));
  }
  if (!options.sweep.empty())
    return report(
        failure("there is no display to look at a sweep on: `grokscope sweep` trains it without one"));
  if (!options.recorded_run.empty() || opens_as_dropped(with_home(choice.source))) {
    return report(
        failure("there is no display to look at a run on; `grokscope render` draws it into a file"));
  }
  std::fputs("grokscope: there is no display to open a window on: training without one\n", stderr);
  RunRequest headless;
  headless.choice = choice;
  headless.headless.pictures = true;
  return run_headless(headless);
}

}  // namespace

void add_window_command(CLI::App& app, CommandResult& result) {
  auto request = std::make_shared<WindowRequest>();
  app.add_option("PRESET|FILE", request->choice.source,
                 "a preset, a config file, the folder of a recorded run, what the window saved of one, or a "
                 "sweep (its folder, "
                 "a plan)")
      ->type_name("");
  add_run_choice_options(app, request->choice);
  app.add_flag("--full-speed", request->full_speed,
               "train as fast as the machine can, not at a pace to watch");
  // For `grokscope bench`: not for people.
  app.add_option("--measure", request->measure)->group("");
  result.action = [request] { return open_window(*request); };
}

}  // namespace grokscope
