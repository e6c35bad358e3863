// grokscope replay: config + seed + events again, in memory; the metrics must be the same to the last bit.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "app/commands/commands.h"
#include "app/interrupt.h"
#include "app/progress_bar.h"
#include "base/json_text.h"
#include "base/outside_text.h"
#include "base/threads.h"
#include "history/interventions.h"
#include "session/as_recorded.h"
#include "session/session.h"

namespace grokscope {
namespace {

bool same_number(double a, double b) {
  return (a != a && b != b) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// What the record has: an earlier version did not write every column.
std::vector<const MetricColumn*> recorded_columns(std::span<const Evaluation> recorded) {
  std::vector<const MetricColumn*> columns;
  for (const MetricColumn& column : metric_columns()) {
    const bool there = std::any_of(recorded.begin(), recorded.end(),
                                   [&](const Evaluation& at) { return !std::isnan(column.get(at)); });
    if (there || !column.newer) columns.push_back(&column);
  }
  return columns;
}

/// "" if the two runs agree; else the first difference, one sentence.
std::string first_difference(std::span<const Evaluation> recorded, std::span<const Evaluation> again) {
  const std::vector<const MetricColumn*> columns = recorded_columns(recorded);
  for (std::size_t line = 0; line < recorded.size() && line < again.size(); ++line) {
    const std::string at = "at step " + std::to_string(recorded[line].step);
    if (recorded[line].step != again[line].step) {
      return at + " was an evaluation, now it is at step " + std::to_string(again[line].step);
    }
    for (const MetricColumn* column : columns) {
      const double before = column->get(recorded[line]), now = column->get(again[line]);
      if (same_number(before, now)) continue;
      return std::string(column->name) + " " + at + " was " + text_from_json(finite_or_null(before)) +
             " and is now " + text_from_json(finite_or_null(now));
    }
  }
  if (recorded.size() == again.size()) return "";
  return std::to_string(recorded.size()) + " evaluations were recorded, now there are " +
         std::to_string(again.size());
}

SessionOptions options_of(const OpenedRun& run) {
  SessionOptions options;
  options.write_run_folder = false;
  train_as_recorded(run.provenance, options.trainer);
  options.trainer.probes = false;
  options.trainer.last_step = run.history.last()->step;  // the recorded run may have been cut off
  for (const Event& event : run.history.events()) {
    if (is_intervention(event)) options.trainer.scripted.push_back(event);
  }
  return options;
}

/// What a record may ask of this machine: no more than an option may, and no step that its own settings
/// exclude.
Status check_record(const OpenedRun& run, const std::string& path) {
  const History& history = run.history;
  if (history.last() == nullptr) return failure("nothing was recorded that could be replayed: " + path);
  if (Status threads = check_thread_count(run.provenance.threads); !threads) {
    return failure("cannot replay the run: its config.json says made_by.threads = " +
                   std::to_string(run.provenance.threads) + ", and " + threads.error().message + ": " + path);
  }
  const std::int64_t most_steps = history.config().train.steps;
  if (history.last()->step <= most_steps) return {};
  return failure("cannot replay the run: its metrics.jsonl goes on to step " +
                 std::to_string(history.last()->step) + ", but its settings end it at step " +
                 std::to_string(most_steps) + ": " + path);
}

int compare(const OpenedRun& run, const Session& session) {
  const std::string difference = first_difference(run.history.evaluations(), session.history().evaluations());
  if (difference.empty()) {
    std::printf("identical: %zu lines of metrics up to step %lld, %zu interventions\n",
                run.history.evaluations().size(), static_cast<long long>(run.history.last()->step),
                options_of(run).trainer.scripted.size());
    return 0;
  }
  std::printf("different: %s\n", difference.c_str());
  const RunFacts& facts = *session.facts();
  if (run.provenance.torch_version != facts.torch_version || run.provenance.blas != facts.blas) {
    std::printf("recorded with LibTorch %s and %s, replayed with %s and %s\n",
                visible(run.provenance.torch_version).c_str(), visible(run.provenance.blas).c_str(),
                facts.torch_version.c_str(), facts.blas.c_str());
  }
  if (!run.provenance.engine.empty() && run.provenance.engine != facts.engine) {
    std::printf("recorded with the %s engine, replayed with the %s one\n",
                visible(run.provenance.engine).c_str(), facts.engine.c_str());
  }
  return 1;
}

int replay(const std::string& path) {
  auto run = open_run(path, false);
  if (!run) return report(run.error());
  tell(run->repairs);
  if (Status usable = check_record(*run, path); !usable) return report(usable.error());
  const SessionOptions options = options_of(*run);
  auto session = Session::start(run->history.config(), options);
  if (!session) return report(session.error());
  {
    const Interrupt interrupt;
    ProgressBar bar(true);
    while (!(*session)->wait(std::chrono::milliseconds(100))) {
      if (interrupt.requested()) (*session)->request_stop();
      bar.show(**session, options.trainer.last_step);
    }
  }
  const SessionStatus& status = (*session)->status();
  if (!status.error.empty()) return report({status.error, status.blame});
  if (status.stopped == "interrupted") return report(failure("interrupted: the replay says nothing"));
  return compare(*run, **session);
}

}  // namespace

void add_replay_command(CLI::App& app, CommandResult& result) {
  CLI::App* command = app.add_subcommand("replay", "train a recorded run again and compare every number");
  auto path = std::make_shared<std::string>();
  command->add_option("RUN", *path, "the run folder")->type_name("")->required();
  command->callback([path, &result] { result.action = [path] { return replay(*path); }; });
}

}  // namespace grokscope
