// grokscope sweep: trains every run of a plan that is not known yet, and writes the table of all.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/commands/commands.h"
#include "app/commands/named_output.h"
#include "app/commands/number_options.h"
#include "app/interrupt.h"
#include "app/progress_bar.h"
#include "app/sweep_watch.h"
#include "base/child_process.h"
#include "base/text.h"
#include "sweep/commands_engine.h"
#include "sweep/estimate.h"
#include "sweep/local_executor.h"
#include "sweep/plan_json.h"
#include "sweep/slurm.h"
#include "sweep/sweep.h"
#include "sweep/text_map.h"

namespace grokscope {
namespace {

constexpr int kMostProcesses = 1024;

struct SweepRequest {
  std::string source, out, engine = "local";
  std::vector<std::string> assignments;
  int jobs = 0;
  bool dry_run = false, watch = false, json = false, quiet = false, no_cache = false;
};

int jobs_of(const SweepRequest& request) {
  return request.jobs > 0 ? request.jobs : usable_cores();
}

/// Everything that can be known to be wrong before anything is made.
Result<SweepPlan> plan_of(const SweepRequest& request) {
  if (request.engine == "local" && request.jobs > kMostProcesses)
    return usage_error("--jobs " + std::to_string(request.jobs) + ": at most " +
                       std::to_string(kMostProcesses) + " train at once on one machine");
  auto plan = load_plan(request.source);
  if (!plan) return plan;
  for (const std::string& assignment : request.assignments) {
    if (Status set = set_in_plan(*plan, assignment); !set) return set.error();
  }
  if (Status valid = validate(*plan); !valid) return valid.error();
  return plan;
}

int tell_what_it_costs(const SweepRequest& request, SweepPlan plan, const SweepFolder& folder) {
  const Interrupt interrupt;
  auto sweep = Sweep::look_at(std::move(plan), folder);
  if (!sweep) return report(sweep.error());
  const std::size_t runs = sweep->plan().runs(), missing = sweep->missing().size();
  const auto guess = estimate(*sweep, [&] { return interrupt.requested(); });
  if (!guess) return report(guess.error());
  const auto at_once = static_cast<double>(
      std::min<std::size_t>(static_cast<std::size_t>(jobs_of(request)), std::max<std::size_t>(missing, 1)));
  const double seconds = guess->seconds_per_run * static_cast<double>(missing) / at_once;
  if (request.json) {
    Json json;
    json["runs"] = runs;
    json["known"] = runs - missing;
    json["to_train"] = missing;
    json["jobs"] = jobs_of(request);
    put_number(json, "seconds", seconds);
    std::printf("%s\n", text_from_json(json, 2).c_str());
    return 0;
  }
  std::printf("%zu runs, %zu known, %zu to train\n", runs, runs - missing, missing);
  if (missing > 0) {
    std::printf("about %s on %d %s (%s a run%s)\n", duration(seconds).c_str(), jobs_of(request),
                jobs_of(request) == 1 ? "core" : "cores", duration(guess->seconds_per_run).c_str(),
                guess->measured_now ? ", from a few hundred steps" : ", as those that are known");
  }
  return 0;
}

int print_commands(const SweepRequest& request, const Sweep& sweep) {
  const std::vector<std::string> commands =
      worker_commands(sweep, this_program(), static_cast<std::size_t>(request.jobs));
  if (request.json) {
    Json json;
    json["commands"] = commands;
    std::printf("%s\n", text_from_json(json, 2).c_str());
    return 0;
  }
  for (const std::string& command : commands) std::printf("%s\n", command.c_str());
  return 0;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void print_report(const SweepRequest& request, const Sweep& sweep, const ExecutorReport& trained,
                  std::size_t cached) {
  const std::string results = sweep.folder().results("csv");
  const std::size_t runs = sweep.plan().runs();
  if (request.json) {
    Json json;
    json["runs"] = runs;
    json["trained"] = trained.trained;
    json["cached"] = cached + trained.found;
    json["failed"] = trained.failed;
    json["seconds"] = trained.seconds;
    json["results"] = results;
    std::printf("%s\n", text_from_json(json, 2).c_str());
    return;
  }
  std::printf("%zu runs: %zu trained, %zu known before, %zu failed, in %s\nresults %s\n", runs,
              trained.trained, cached + trained.found, trained.failed, duration(trained.seconds).c_str(),
              results.c_str());
}

Result<ExecutorReport> train_missing(const SweepRequest& request, Sweep& sweep,
                                     const std::vector<std::size_t>& missing) {
  const Interrupt interrupt;
  ProgressBar bar(!request.quiet && !request.watch);
  std::optional<SweepWatch> watch;
  if (request.watch) watch.emplace(sweep);
  ExecutorOptions options;
  options.program = this_program();
  options.folder = sweep.folder();
  options.jobs = jobs_of(request);
  options.interrupted = [&] { return interrupt.requested(); };
  options.progress = [&](const ExecutorProgress& now) {
    const double rate = now.seconds > 0.0 ? static_cast<double>(now.ended) / now.seconds : 0.0;
    const SweepFacts facts{now.ended, now.all, rate};
    bar.show(facts);
    if (watch) watch->show(facts);
  };
  return train_locally(sweep.plan(), missing, options);
}

int train(const SweepRequest& request, Sweep& sweep) {
  const auto begin = std::chrono::steady_clock::now();
  if (Status kept = sweep.keep_what_is_known(); !kept) return report(kept.error());
  const std::vector<std::size_t> missing = sweep.missing();
  auto trained = train_missing(request, sweep, missing);
  if (Status read = sweep.refresh(); !read) return report(read.error());
  // What is finished is worth a table, whatever went wrong.
  const auto merged = sweep.merge();
  if (!merged) return report(merged.error());
  if (!trained) return report(trained.error());
  trained->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  print_report(request, sweep, *trained, sweep.plan().runs() - missing.size());
  if (sweep.store().damaged() > 0)
    report(failure(
        std::to_string(sweep.store().damaged()) +
        " damaged lines were passed over; what they held was trained again: " + sweep.folder().shards()));
  if (trained->interrupted)
    return report(failure("interrupted: " + std::to_string(merged->rows) + " of " +
                          std::to_string(sweep.plan().runs()) +
                          " runs are finished; the same command goes on"));
  if (merged->failed > 0)
    report(failure(std::to_string(merged->failed) +
                   " runs could not be trained; why stands in \"error\" of their lines: " +
                   sweep.folder().results("jsonl")));
  return 0;
}

/// What is finished becomes results; what is missing is submitted, unless it has been and waits.
int hand_to_slurm(const SweepRequest& request, Sweep& sweep) {
  constexpr std::size_t kUsualTasks = 64;
  if (Status kept = sweep.keep_what_is_known(); !kept) return report(kept.error());
  const std::size_t missing = sweep.missing().size();
  std::vector<std::string> jobs;
  if (missing > 0) {
    auto queued = queued_slurm_jobs(sweep.folder());
    if (!queued) return report(queued.error());
    jobs = std::move(*queued);
  }
  const bool waits = !jobs.empty();
  if (missing > 0 && !waits) {
    const std::size_t at_once = request.jobs > 0 ? static_cast<std::size_t>(request.jobs) : kUsualTasks;
    auto submitted = submit_to_slurm(sweep, this_program(), at_once);
    if (!submitted) return report(submitted.error());
    jobs = std::move(*submitted);
  }
  const auto merged = sweep.merge();
  if (!merged) return report(merged.error());
  print_report(request, sweep, {}, sweep.plan().runs() - missing);
  if (missing > 0) {
    std::fprintf(stderr, "%zu runs are %s (%s); the same command merges what is finished\n", missing,
                 waits ? "in the queue of Slurm" : "handed to Slurm", joined(jobs).c_str());
  }
  return 0;
}

int sweep(const SweepRequest& request) {
  auto plan = plan_of(request);
  if (!plan) return report(plan.error());
  auto path = named_folder("--out", request.out);
  if (!path) return report(path.error());
  const SweepFolder folder{std::move(*path), !request.no_cache};
  if (request.dry_run) return tell_what_it_costs(request, std::move(*plan), folder);
  auto opened = Sweep::open(std::move(*plan), folder);
  if (!opened) return report(opened.error());
  if (request.engine == "commands") return print_commands(request, *opened);
  return request.engine == "slurm" ? hand_to_slurm(request, *opened) : train(request, *opened);
}

}  // namespace

void add_sweep_command(CLI::App& app, CommandResult& result) {
  CLI::App* command =
      app.add_subcommand("sweep", "train every run of a plan (docs/sweeps.md): phase diagrams");
  auto request = std::make_shared<SweepRequest>();
  command->add_option("PLAN", request->source, "a plan of the program, or a file")->type_name("")->required();
  command
      ->add_option("--out", request->out,
                   "the folder of the sweep; what is finished there is not trained again")
      ->type_name("DIR")
      ->required();
  command
      ->add_option("--set", request->assignments,
                   "change a setting of all runs, one for each --set; `grokscope fields` lists them")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command
      ->add_option("--jobs", request->jobs,
                   "runs that train at once; 0, the default, is one a core (64 with slurm). With commands: "
                   "how many lines")
      ->type_name("N")
      ->transform(whole_number(0, 100'000));
  command
      ->add_option("--engine", request->engine,
                   "local: here; slurm: submit job arrays; commands: print lines that others run, one a part")
      ->type_name("local|slurm|commands")
      ->check(CLI::IsMember({"local", "slurm", "commands"}));
  command->add_flag("--dry-run", request->dry_run,
                    "only tell how many runs there are, and how long they take");
  command->add_flag("--watch", request->watch, "a map of letters that is drawn again while it trains");
  command->add_flag("--no-cache", request->no_cache, "neither use nor fill what sweeps share");
  command->add_flag("--json", request->json, "print one JSON object");
  command->add_flag("--quiet", request->quiet, "no progress bar");
  command->callback([request, &result] { result.action = [request] { return sweep(*request); }; });
}

}  // namespace grokscope
