// grokscope run: one run without a window.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "app/commands/commands.h"
#include "app/commands/named_output.h"
#include "app/commands/run_headless.h"
#include "app/commands/run_report.h"
#include "app/interrupt.h"
#include "app/pictures.h"
#include "app/progress_bar.h"
#include "base/home_path.h"
#include "base/outside_text.h"
#include "base/process.h"
#include "export/snapshot_json.h"
#include "history/forecast.h"
#include "history/run_files.h"
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
  RunPlan plan;
  TrainerOptions& trainer = plan.options.trainer;
  auto device = parse_device(request.choice.device);
  if (!device) return device.error();
  trainer.device = *device;
  trainer.threads = request.choice.threads;
  trainer.probes = !request.no_probes;
  if (!request.until.empty()) {
    auto until = parse_until(request.until);
    if (!until) return until.error();
    trainer.until = std::move(*until);
  }
  if (!request.events.empty()) {
    auto events = read_events_file(request.events, *config);
    if (!events) return events.error();
    for (const std::string& note : events->passed_over) std::fprintf(stderr, "grokscope: %s\n", note.c_str());
    trainer.scripted = std::move(events->interventions);
  }
  if (!request.out.empty()) {
    auto folder = named_folder("--out", request.out);
    if (!folder) return folder.error();
    plan.options.run_path = std::move(*folder);
  }
  if (trainer.probes) plan.options.calibration = std::make_shared<const Calibration>(load_calibration());
  plan.config = std::move(*config);
  return plan;
}

/// How the task's files were read, on standard error: a table may have been meant in another way.
void say_how_data_were_read(const Session& session) {
  for (const Event& event : session.history().events()) {
    if (event.kind != "note" || event.detail.value("about", "") != "data") continue;
    std::fprintf(stderr, "data: %s\n", event.detail.value("text", "").c_str());
  }
}

/// A full or slow disk, when that begins.
class DiskTeller {
 public:
  void tell(const Session& session) {
    const std::string& disk = session.status().disk;
    if (disk == told_) return;
    told_ = disk;
    if (disk.find("waiting") != std::string::npos)
      std::fprintf(stderr, "grokscope: %s for room: %s\n", disk.c_str(), session.run_path().c_str());
  }

 private:
  std::string told_;
};

/// Until the run has ended and is on disk; returns how old the process was when test accuracy was seen at 99
/// %, null if never.
Json wait_for(Session& session, bool quiet) {
  const Interrupt interrupt;
  ProgressBar bar(!quiet);
  DiskTeller disk;
  Json understood_s;
  bool said = quiet;
  for (bool ended = false; !ended;) {
    ended = session.wait(std::chrono::milliseconds(50));
    if (interrupt.requested()) session.request_stop();
    disk.tell(session);
    // What is said about the data comes before the first evaluation, and its line before the bar.
    const bool learns = session.history().last() != nullptr;
    if ((learns || ended) && !std::exchange(said, true)) say_how_data_were_read(session);
    if (learns && !ended) bar.show(session, session.config().train.steps);
    if (understood_s.is_null() && session.history().first_steps().test_99 >= 0)
      understood_s = process_age_s();
  }
  while (!session.settle(std::chrono::milliseconds(50))) {
    if (interrupt.requested()) session.request_stop();
    disk.tell(session);
  }
  return understood_s;
}

/// What a person without a window can look at instead.
Status leave_pictures(const Session& session) {
  const std::string& path = session.run_path();
  const auto run = open_run(path, false);
  if (!run) return run.error();
  const Json facts = session.facts() ? json_from_facts(*session.facts()) : Json::object();
  const std::string snapshot = "snapshot.json", dashboard = "dashboard.png";
  const std::string text = snapshot_text(run->history, run->provenance, facts, session.status().step);
  if (Status saved = write_run_file(path, snapshot, text); !saved) return saved;
  std::printf("snapshot  %s/%s\n", path.c_str(), snapshot.c_str());
  if (Status saved = save_dashboard_picture(session, dashboard); !saved) return saved;
  std::printf("dashboard %s/%s\n", path.c_str(), dashboard.c_str());
  return {};
}

/// So that forecasts for runs like it get better; a run that was cut off teaches nothing.
void learn_from_run(const Session& session) {
  const std::string& stopped = session.status().stopped;
  if (session.history().series("entropy.spectral") == nullptr || (stopped != "steps" && stopped != "until"))
    return;
  if (Status learned = learn_from(past_run_of(session.history())); !learned) report(learned.error());
}

/// The run ended: was it what the user asked for?
int exit_code_of(const Session& session, const RunRequest& request) {
  const std::string& stopped = session.status().stopped;
  const std::string at_step = " at step " + std::to_string(session.status().step);
  if (stopped == "diverged") {
    const Evaluation* last = session.history().last();
    return report(failure("the run diverged" + at_step + ": " +
                          (last != nullptr ? why_diverged(*last) : "nothing was measured") +
                          "; a lower learning rate usually helps"));
  }
  if (stopped == "interrupted")
    return report(failure("interrupted" + at_step + "; the record is complete up to there"));
  if (stopped == "steps" && !request.until.empty()) {
    return report(failure("'" + request.until + "' was not reached: the run ended" + at_step));
  }
  return 0;
}

}  // namespace

namespace {

/// A run that goes on is made of its own settings.
Status check_resumable(const RunRequest& request) {
  const RunChoice& choice = request.choice;
  std::error_code error;
  if (!std::filesystem::is_directory(with_home(choice.source), error))
    return usage_error("--resume goes on with a run: name its folder, not " + in_quotes(choice.source));
  const char* extra = !choice.assignments.empty() ? "--set"
                      : choice.seed               ? "--seed"
                      : choice.threads > 0        ? "--threads"
                      : !request.events.empty()   ? "--events"
                      : !request.out.empty()      ? "--out"
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
  Session& session = **started;
  const Json understood_s = wait_for(session, request.quiet);
  const SessionStatus& status = session.status();
  const bool failed = !status.error.empty();
  // Without a folder nothing was recorded, however many steps were made until that was known.
  const bool began =
      session.history().last() != nullptr && session.record().folder != WriterReport::Folder::refused;
  if (failed && !began) return report({status.error, status.blame});
  if (request.json) {
    Json json = json_of_run(session);
    json["process_seconds_to_test_99"] = understood_s;
    std::printf("%s\n", text_from_json(json, 2).c_str());
  } else {
    std::fputs(text_of_run(session).c_str(), stdout);
  }
  if (failed) return report({status.error, status.blame});
  if (const WriterReport record = session.record(); record.frames_lost + record.checkpoints_lost > 0)
    report(failure(losses_in_words(record)));
  learn_from_run(session);
  if (request.pictures) {
    if (Status left = leave_pictures(session); !left) return report(left.error());
  }
  return exit_code_of(session, request);
}

void add_run_command(CLI::App& app, CommandResult& result) {
  CLI::App* run = app.add_subcommand("run", "train without a window and record the run");
  auto request = std::make_shared<RunRequest>();
  run->add_option("PRESET|FILE", request->choice.source, "a preset (`grokscope presets`) or a config file")
      ->type_name("")
      ->required();
  add_run_choice_options(*run, request->choice);
  run->add_option("--until", request->until, "stop early, e.g. 'test_accuracy>=0.99'")
      ->type_name("CONDITION");
  run->add_option("--out", request->out, "the run folder; a new one in the data folder if not given")
      ->type_name("DIR");
  run->add_option("--events", request->events, "interventions, as in a run's events.jsonl")
      ->type_name("FILE");
  run->add_flag("--no-probes", request->no_probes,
                "do not look inside while training: metrics only; the numbers stay the same");
  run->add_flag("--resume", request->resume,
                "go on with a recorded run from its last checkpoint, in its folder; --steps N ends it later");
  run->add_flag("--json", request->json, "print one JSON object");
  run->add_flag("--quiet", request->quiet, "no progress bar");
  run->callback([request, &result] { result.action = [request] { return run_headless(*request); }; });
}

}  // namespace grokscope
