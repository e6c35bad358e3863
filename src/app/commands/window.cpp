// No subcommand: the window; where there is no display, the same run without one.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "app/commands/commands.h"
#include "app/commands/run_headless.h"
#include "app/window.h"

namespace grokscope {
namespace {

struct WindowRequest {
  RunChoice choice;
  std::string measure;  ///< what `bench` watches the window for
  bool full_speed = false;
};

int open_window(const WindowRequest& request) {
  const RunChoice& choice = request.choice;
  RunChoice chosen = choice;
  WindowOptions options;
  std::error_code error;
  if (std::filesystem::is_directory(chosen.source, error)) {  // a recorded run: to look at
    options.recorded_run = chosen.source;
    chosen.source += "/config.json";
  }
  auto config = config_of(chosen);
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
  if (!options.recorded_run.empty()) {
    return report(
        failure("there is no display to look at a run on; `grokscope render` draws it into a file"));
  }
  std::fputs("grokscope: there is no display to open a window on: training without one\n", stderr);
  RunRequest headless;
  headless.choice = choice;
  headless.pictures = true;
  return run_headless(headless);
}

}  // namespace

void add_window_command(CLI::App& app, CommandResult& result) {
  auto request = std::make_shared<WindowRequest>();
  app.add_option("PRESET|FILE", request->choice.source,
                 "a preset, a config file, or the folder of a recorded run")
      ->type_name("");
  add_run_choice_options(app, request->choice);
  app.add_flag("--full-speed", request->full_speed,
               "train as fast as the machine can, not at a pace to watch");
  // For `grokscope bench`: not for people.
  app.add_option("--measure", request->measure)->group("");
  result.action = [request] { return open_window(*request); };
}

}  // namespace grokscope
