// grokscope run: one run without a window.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "app/commands/commands.h"
#include "app/commands/run_headless.h"
#include "base/home_path.h"
#include "base/outside_text.h"
#include "session/events_file.h"
#include "session/session.h"

namespace grokscope {
namespace {

struct RunPlan {
  RunConfig config;
  SessionOptions options;
};

/// Everything that can be known to be wrong before anything is made.
Result<RunPlan> plan_of(const RunRequest& request) {
  auto config = config_of(request.choice);
  if (!config) return config.error();
  auto device = parse_device(request.choice.device);
  if (!device) return device.error();
  auto options = session_options(request.headless);
  if (!options) return options.error();
  TrainerOptions& trainer = options->trainer;
  trainer.device = *device;
  trainer.threads = request.choice.threads;
  if (!request.events.empty()) {
    auto events = read_events_file(request.events, *config);
    if (!events) return events.error();
    for (const std::string& note : events->passed_over) std::fprintf(stderr, "grokscope: %s\n", note.c_str());
    trainer.scripted = std::move(events->interventions);
  }
  return RunPlan{std::move(*config), std::move(*options)};
}

/// A run that goes on is made of its own settings.
Status check_resumable(const RunRequest& request) {
  const RunChoice& choice = request.choice;
  std::error_code error;
  if (!std::filesystem::is_directory(with_home(choice.source), error))
    return usage_error("--resume goes on with a run: name its folder, not " + in_quotes(choice.source));
  const char* extra = !choice.assignments.empty()     ? "--set"
                      : choice.seed                   ? "--seed"
                      : choice.threads > 0            ? "--threads"
                      : !request.events.empty()       ? "--events"
                      : !request.headless.out.empty() ? "--out"
                                                      : nullptr;
  if (extra == nullptr) return {};
  return usage_error(
      std::string("--resume goes on with the settings of the run and in its folder: leave out ") + extra);
}

Result<std::unique_ptr<Session>> resumed(const RunRequest& request) {
  if (Status usable = check_resumable(request); !usable) return usable.error();
  RunChoice choice = request.choice;
  choice.source = with_home(choice.source);
  RunRequest of_run = request;
  of_run.choice = choice;
  auto plan = plan_of(of_run);
  if (!plan) return plan.error();
  auto run = continue_run(choice.source, plan->config.train.steps);
  if (!run) return run.error();
  tell(run->run.repairs);
  return Session::go_on(std::move(*run), choice.source, std::move(plan->options));
}

Result<std::unique_ptr<Session>> begun(const RunRequest& request) {
  if (request.resume) return resumed(request);
  auto plan = plan_of(request);
  if (!plan) return plan.error();
  return Session::start(std::move(plan->config), std::move(plan->options));
}

}  // namespace

int run_headless(const RunRequest& request) {
  auto started = begun(request);
  if (!started) return report(started.error());
  return train_headless(**started, request.headless);
}

void add_run_command(CLI::App& app, CommandResult& result) {
  CLI::App* run = app.add_subcommand("run", "train without a window and record the run");
  auto request = std::make_shared<RunRequest>();
  run->add_option("PRESET|FILE", request->choice.source, "a preset (`grokscope presets`) or a config file")
      ->type_name("")
      ->required();
  add_run_choice_options(*run, request->choice);
  run->add_option("--events", request->events, "interventions, as in a run's events.jsonl")
      ->type_name("FILE");
  run->add_flag("--resume", request->resume,
                "go on with a recorded run from its last checkpoint, in its folder; --steps N ends it later");
  add_headless_options(*run, request->headless);
  run->callback([request, &result] { result.action = [request] { return run_headless(*request); }; });
}

}  // namespace grokscope
