// grokscope landscape: the reduced landscape of Omnigrok, trained on spheres, from the command line. Main
// thread.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "app/commands/commands.h"
#include "app/commands/run_choice.h"
#include "app/interrupt.h"
#include "base/files.h"
#include "base/json_text.h"
#include "base/text.h"
#include "history/run_folder.h"
#include "sweep/landscape_job.h"

namespace grokscope {
namespace {

struct LandscapeRequest {
  RunChoice choice;
  std::size_t alphas = 11;
  double from = 0.1, to = 10.0;
  std::vector<std::int64_t> sizes = {0};
  std::int64_t steps = 10'000;
  int jobs = 0;
  std::string output;
  bool json = false, quiet = false;
};

struct LandscapeStart {
  Landscape landscape;
  std::string run_path;  ///< "" unless the source is a run folder, which then keeps what is measured
};

Result<LandscapeStart> start_of(const LandscapeRequest& request) {
  RunChoice choice = request.choice;
  std::error_code error;
  std::string run_path;
  std::optional<OpenedRun> run;
  if (std::filesystem::is_directory(choice.source, error)) {
    auto opened = open_run(choice.source, false);
    if (!opened) return opened.error();
    run_path = choice.source;
    run.emplace(std::move(*opened));
    choice.source += "/config.json";
  }
  auto config = config_of(choice);
  if (!config) return config.error();
  LandscapePlan plan{*config, log_spaced(request.from, request.to, request.alphas), request.sizes,
                     request.choice.steps.value_or(request.steps)};
  if (Status valid = validate(plan); !valid) return valid.error();
  if (run) {
    if (const FramePtr frame = run->history.latest_at("landscape", 0)) {
      if (auto known = landscape_from(*frame, plan)) return LandscapeStart{std::move(*known), run_path};
    }
  }
  return LandscapeStart{Landscape(std::move(plan)), run_path};
}

Json json_of(const Landscape& landscape) {
  Json cells = Json::array();
  const std::size_t columns = landscape.plan.alphas.size();
  for (std::size_t i = 0; i < landscape.cells.size(); ++i) {
    const LandscapeCell& cell = landscape.cells[i];
    cells.push_back({{"alpha", landscape.plan.alphas[i % columns]},
                     {"train_size", landscape.plan.train_sizes[i / columns]},
                     {"weight_norm", finite_or_null(cell.norm)},
                     {"train_loss", finite_or_null(cell.train_loss)},
                     {"test_loss", finite_or_null(cell.test_loss)},
                     {"train_accuracy", finite_or_null(cell.train_accuracy)},
                     {"test_accuracy", finite_or_null(cell.test_accuracy)},
                     {"least_train_loss", finite_or_null(cell.least_train_loss)},
                     {"least_test_loss", finite_or_null(cell.least_test_loss)},
                     {"off_sphere", finite_or_null(cell.off_sphere)}});
  }
  return {{"schema", "grokscope.landscape/1"},
          {"preset", landscape.plan.base.preset},
          {"steps", landscape.plan.steps},
          {"cells", std::move(cells)}};
}

std::string csv_of(const Landscape& landscape) {
  const Json json = json_of(landscape);
  std::string text = "alpha,train_size,weight_norm,train_loss,test_loss,train_accuracy,test_accuracy\n";
  for (const Json& cell : json["cells"]) {
    std::string line;
    for (const char* key : {"alpha", "train_size", "weight_norm", "train_loss", "test_loss", "train_accuracy",
                            "test_accuracy"}) {
      line += (line.empty() ? "" : ",") + (cell[key].is_null() ? std::string() : text_from_json(cell[key]));
    }
    text += line + "\n";
  }
  return text;
}

std::string table_of(const Landscape& landscape) {
  char line[200];
  std::snprintf(line, sizeof line, "%9s %9s %11s %12s %12s %10s %10s\n", "alpha", "size", "norm",
                "train loss", "test loss", "train acc", "test acc");
  std::string text = line;
  const std::size_t columns = landscape.plan.alphas.size();
  for (std::size_t i = 0; i < landscape.cells.size(); ++i) {
    const LandscapeCell& cell = landscape.cells[i];
    const std::int64_t size = landscape.plan.train_sizes[i / columns];
    std::snprintf(line, sizeof line, "%9.4g %9s %11.4g %12.4g %12.4g %10.3f %10.3f\n",
                  landscape.plan.alphas[i % columns], size == 0 ? "all" : std::to_string(size).c_str(),
                  cell.norm, cell.train_loss, cell.test_loss, cell.train_accuracy, cell.test_accuracy);
    text += line;
  }
  return text;
}

/// Shows how far it is until it has ended; false when the user interrupted it.
bool wait_for(LandscapeJob& job, bool quiet) {
  const Interrupt interrupt;
  std::size_t told = static_cast<std::size_t>(-1);
  while (!job.ended()) {
    if (interrupt.requested()) {
      job.cancel();
      while (!job.ended()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
      return false;
    }
    if (const std::size_t done = job.done(); !quiet && done != told) {
      std::fprintf(stderr, "%zu of %zu spheres\n", done, job.landscape().cells.size());
      told = done;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return true;
}

Status keep(const Landscape& landscape, const LandscapeRequest& request, const std::string& run_path) {
  if (!run_path.empty()) {
    if (Status written = write_frame(run_path, frame_of(landscape)); !written) return written;
  }
  if (request.output.empty()) return {};
  const bool csv = request.output.size() > 4 && request.output.ends_with(".csv");
  return write_file_atomic(request.output,
                           csv ? csv_of(landscape) : text_from_json(json_of(landscape), 2) + "\n");
}

int measure_landscape(const LandscapeRequest& request) {
  auto start = start_of(request);
  if (!start) return report(start.error());
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  LandscapeJob job(std::move(start->landscape),
                   {.workers = request.jobs > 0 ? request.jobs : cores, .background = false});
  const bool finished = wait_for(job, request.quiet);
  const Landscape landscape = job.landscape();
  if (const Status kept = keep(landscape, request, start->run_path); !kept) return report(kept.error());
  if (const Status status = job.status(); !status) return report(status.error());
  const std::string text = request.json ? text_from_json(json_of(landscape), 2) + "\n" : table_of(landscape);
  std::fputs(text.c_str(), stdout);
  return finished ? 0 : report(failure("interrupted; what was measured is above"));
}

}  // namespace

void add_landscape_command(CLI::App& app, CommandResult& result) {
  CLI::App* command = app.add_subcommand(
      "landscape", "train and test loss after training on spheres of constant weight norm (Omnigrok)");
  auto request = std::make_shared<LandscapeRequest>();
  command
      ->add_option("PRESET|FILE|RUN", request->choice.source,
                   "a preset, a config file, or a run folder, which then keeps what is measured")
      ->type_name("")
      ->required();
  command
      ->add_option("--set", request->choice.assignments,
                   "change a setting, one for each --set; `grokscope fields` lists them")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command->add_option("--seed", request->choice.seed, "seed of weights, split and batches")->type_name("S");
  command->add_option("--alphas", request->alphas, "how many spheres (11)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  command->add_option("--from", request->from, "smallest α (0.1)")
      ->type_name("A")
      ->check(CLI::Range(1e-3, 1e3));
  command->add_option("--to", request->to, "largest α (10)")->type_name("A")->check(CLI::Range(1e-3, 1e3));
  command->add_option("--sizes", request->sizes, "training sizes, e.g. 100,1000: makes a map")
      ->type_name("N,N,...")
      ->delimiter(',');
  command->add_option("--steps", request->steps, "steps of training on each sphere (10000)")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
  command->add_option("--jobs", request->jobs, "spheres at once; 0: one a core")
      ->type_name("N")
      ->check(CLI::Range(0, 256));
  command->add_option("-o,--output", request->output, "also write this file: .json or .csv")
      ->type_name("PATH");
  command->add_flag("--json", request->json, "print one JSON object");
  command->add_flag("--quiet", request->quiet, "no progress");
  command->callback(
      [request, &result] { result.action = [request] { return measure_landscape(*request); }; });
}

}  // namespace grokscope
