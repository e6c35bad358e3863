// grokscope landscape: the reduced landscape of Omnigrok, trained on spheres, from the command line. Main
// thread.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "app/commands/commands.h"
#include "app/commands/named_output.h"
#include "app/commands/number_options.h"
#include "app/commands/run_choice.h"
#include "app/commands/table_choice.h"
#include "app/interrupt.h"
#include "base/child_process.h"
#include "base/json_text.h"
#include "base/output.h"
#include "base/text.h"
#include "history/run_folder.h"
#include "history/run_folder_mend.h"
#include "sweep/landscape_job.h"
#include "sweep/local_executor.h"

namespace grokscope {
namespace {

struct LandscapeRequest {
  RunChoice choice;
  std::size_t alphas = 11;
  double from = 0.1, to = 10.0;
  std::vector<std::int64_t> sizes = {0};
  std::int64_t steps = 10'000;
  int jobs = 0;
  TableChoice table;
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
    const auto mended = mend_run(choice.source);
    if (!mended) return mended.error();
    tell(*mended);
    auto opened = open_run(choice.source, false);
    if (!opened) return opened.error();
    tell(opened->repairs);
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

std::string document_of(const Landscape& landscape, const std::string& output) {
  return output.ends_with(".csv") ? csv_of(landscape) : text_from_json(json_of(landscape), 2) + "\n";
}

/// Before anything is trained: could what is measured be kept?
Status check_places(const LandscapeRequest& request, const std::string& run_path) {
  if (!run_path.empty()) {
    if (Status possible = check_output_folder(run_path + "/frames/landscape"); !possible) return possible;
  }
  return check_table_output(request.table);
}

/// Writes what is known so far into the run folder and the output. Another sphere may still find room where
/// this one did not, so an error ends nothing; the first is told at the end.
class Keeper {
 public:
  Keeper(const LandscapeRequest& request, std::string run_path)
      : request_(request), run_path_(std::move(run_path)), streams_(is_stream(request.table.output)) {}

  void keep(const Landscape& landscape) {
    if (!run_path_.empty()) note(add_frame(run_path_, frame_of(landscape)));
    if (!request_.table.output.empty() && !streams_) write_document(landscape);
  }
  /// A stream takes one document, the last one; a file has it already, unless there was nothing left to
  /// measure.
  void finish(const Landscape& landscape) {
    if (!request_.table.output.empty() && !document_written_) write_document(landscape);
  }
  const Status& status() const { return status_; }

 private:
  void write_document(const Landscape& landscape) {
    note(write_output(request_.table.output, document_of(landscape, request_.table.output)));
    document_written_ = true;
  }
  void note(const Status& written) {
    if (status_) status_ = written;
  }

  const LandscapeRequest& request_;
  const std::string run_path_;
  const bool streams_;
  bool document_written_ = false;
  Status status_;
};

/// "There is something new", from the job's workers to the main thread.
class News {
 public:
  void tell() {
    const std::lock_guard lock(mutex_);
    told_ = true;
    changed_.notify_one();
  }
  void wait(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [&] { return told_; });
    told_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool told_ = false;
};

/// Keeps each sphere when it is done, then says how far it is; until the job has ended. False when the user
/// interrupted it.
bool wait_for(LandscapeJob& job, News& news, Keeper& keeper, bool quiet) {
  const Interrupt interrupt;
  const std::size_t cells = job.landscape().cells.size();
  std::size_t kept = job.done();
  if (!quiet) std::fprintf(stderr, "%zu of %zu spheres\n", kept, cells);
  for (bool ended = false; !ended;) {
    news.wait(std::chrono::milliseconds(100));  // a signal wakes nobody: look for it now and then
    if (interrupt.requested()) job.cancel();
    ended = job.ended();  // before it is asked what it knows, so that the last sphere is kept, too
    const Landscape known = job.landscape();
    if (known.done() == kept) continue;
    kept = known.done();
    keeper.keep(known);
    if (!quiet) std::fprintf(stderr, "%zu of %zu spheres\n", kept, cells);
  }
  return !interrupt.requested();
}

int measure_landscape(const LandscapeRequest& request) {
  auto start = start_of(request);
  if (!start) return report(start.error());
  if (Status possible = check_places(request, start->run_path); !possible) return report(possible.error());
  News news;
  Keeper keeper(request, start->run_path);
  LandscapeJob job(std::move(start->landscape), {.program = this_program(),
                                                 .workers = request.jobs > 0 ? request.jobs : usable_cores(),
                                                 .background = false,
                                                 .with_cache = !request.table.no_cache,
                                                 .wake = [&news] { news.tell(); }});
  const bool finished = wait_for(job, news, keeper, request.table.quiet);
  const Landscape landscape = job.landscape();
  const Status status = job.status();
  if (!status && landscape.done() == 0) return report(status.error());
  const std::string text =
      request.table.json ? text_from_json(json_of(landscape), 2) + "\n" : table_of(landscape);
  std::fputs(text.c_str(), text_stream(request.table.output));
  keeper.finish(landscape);
  if (!keeper.status()) report(keeper.status().error());
  if (!status) return report(status.error());
  if (!finished) return report(failure("interrupted; what was measured is above"));
  return keeper.status() ? 0 : keeper.status().error().exit_code();
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
  add_set_option(*command, request->choice);
  add_whole_number_option(*command, "--seed", request->choice.seed, "seed of weights, split and batches")
      ->type_name("S");
  command->add_option("--alphas", request->alphas, "how many spheres (11)")
      ->type_name("N")
      ->transform(whole_number(1, 1000));
  command->add_option("--from", request->from, "smallest α (0.1)")
      ->type_name("A")
      ->transform(real_number(1e-3, 1e3));
  command->add_option("--to", request->to, "largest α (10)")
      ->type_name("A")
      ->transform(real_number(1e-3, 1e3));
  command->add_option("--sizes", request->sizes, "training sizes, e.g. 100,1000: makes a map")
      ->type_name("N,N,...")
      ->transform(whole_number(1, 1'000'000'000))
      ->delimiter(',');
  command->add_option("--steps", request->steps, "steps of training on each sphere (10000)")
      ->type_name("N")
      ->transform(whole_number(1, 1'000'000'000));
  command->add_option("--jobs", request->jobs, "spheres at once; 0: one a core")
      ->type_name("N")
      ->transform(whole_number(0, 256));
  add_table_options(*command, request->table);
  command->callback(
      [request, &result] { result.action = [request] { return measure_landscape(*request); }; });
}

}  // namespace grokscope
