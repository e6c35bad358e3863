#include "app/commands/train_headless.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <utility>

#include "app/commands/commands.h"
#include "app/commands/named_output.h"
#include "app/commands/run_report.h"
#include "app/interrupt.h"
#include "app/pictures.h"
#include "app/progress_bar.h"
#include "base/process.h"
#include "export/snapshot_json.h"
#include "history/forecast.h"
#include "history/run_files.h"

namespace grokscope {
namespace {

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
int exit_code_of(const Session& session, const std::string& until) {
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
  if (stopped == "steps" && !until.empty()) {
    return report(failure("'" + until + "' was not reached: the run ended" + at_step));
  }
  return 0;
}

}  // namespace

void add_headless_options(CLI::App& app, HeadlessChoice& choice) {
  app.add_option("--until", choice.until, "stop early, e.g. 'test_accuracy>=0.99'")->type_name("CONDITION");
  app.add_option("--out", choice.out, "the run folder; a new one in the data folder if not given")
      ->type_name("DIR");
  app.add_flag("--no-probes", choice.no_probes,
               "do not look inside while training: metrics only; the numbers stay the same");
  app.add_flag("--json", choice.json, "print one JSON object");
  app.add_flag("--quiet", choice.quiet, "no progress bar");
}

Result<SessionOptions> session_options(const HeadlessChoice& choice) {
  SessionOptions options;
  options.trainer.probes = !choice.no_probes;
  if (!choice.until.empty()) {
    auto until = parse_until(choice.until);
    if (!until) return until.error();
    options.trainer.until = std::move(*until);
  }
  if (!choice.out.empty()) {
    auto folder = named_folder("--out", choice.out);
    if (!folder) return folder.error();
    options.run_path = std::move(*folder);
  }
  if (options.trainer.probes) options.calibration = std::make_shared<const Calibration>(load_calibration());
  return options;
}

int train_headless(Session& session, const HeadlessChoice& choice) {
  const Json understood_s = wait_for(session, choice.quiet);
  const SessionStatus& status = session.status();
  const bool failed = !status.error.empty();
  // Without a folder nothing was recorded, however many steps were made until that was known.
  const bool began =
      session.history().last() != nullptr && session.record().folder != WriterReport::Folder::refused;
  if (failed && !began) return report({status.error, status.blame});
  if (choice.json) {
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
  if (choice.pictures) {
    if (Status left = leave_pictures(session); !left) return report(left.error());
  }
  return exit_code_of(session, choice.until);
}

}  // namespace grokscope
