// grokscope sweep-worker: trains a part of a plan, for `grokscope sweep` (which talks to it in lines) or for
// whatever runs many commands on many machines. Exit code 75: it was asked to end before it was done; what is
// finished is on the disk, and the same command goes on.
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "app/commands/commands.h"
#include "app/commands/named_output.h"
#include "app/interrupt.h"
#include "base/number_text.h"
#include "base/outside_text.h"
#include "base/threads.h"
#include "sweep/chunk_worker.h"
#include "sweep/plan_json.h"

namespace grokscope {
namespace {

constexpr int kRunAgain = 75;  // EX_TEMPFAIL: what batch systems take for "again"
constexpr int kListen_ms = 200;

struct WorkerRequest {
  std::string plan, chunk, out;
  bool serve = false, no_cache = false, background = false;
};

struct Part {
  std::size_t number = 1, of = 1;
};

/// "3/16".
Result<Part> parse_part(const std::string& text) {
  const auto slash = text.find('/');
  const auto number = whole_number_from_text(text.substr(0, slash));
  const auto of = slash == std::string::npos ? std::nullopt : whole_number_from_text(text.substr(slash + 1));
  if (!number || !of || *number < 1 || *of < *number)
    return usage_error("--chunk needs K/N, the K-th of N parts, such as 1/16, not " + in_quotes(text));
  return Part{static_cast<std::size_t>(*number), static_cast<std::size_t>(*of)};
}

/// Whether whoever holds the other end of standard input is gone.
bool input_is_closed() {
  pollfd input{STDIN_FILENO, 0, 0};
  return ::poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR)) != 0;
}

/// Lines of standard input, as long as there are any and nobody asks to end.
class Orders {
 public:
  explicit Orders(const Interrupt& interrupt) : interrupt_(interrupt) {}

  std::optional<std::string> next() {
    while (true) {
      if (const auto end = text_.find('\n'); end != std::string::npos) {
        std::string line = text_.substr(0, end);
        text_.erase(0, end + 1);
        return line;
      }
      if (interrupt_.requested()) return std::nullopt;
      pollfd input{STDIN_FILENO, POLLIN, 0};
      if (::poll(&input, 1, kListen_ms) <= 0) continue;
      char bytes[4096];
      const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
      if (count == 0) return std::nullopt;
      if (count > 0) text_.append(bytes, static_cast<std::size_t>(count));
    }
  }

 private:
  const Interrupt& interrupt_;
  std::string text_;
};

/// "12 0 7".
std::vector<std::size_t> runs_in(const std::string& line, std::size_t runs) {
  std::vector<std::size_t> chunk;
  for (std::size_t begin = 0; begin < line.size();) {
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    const auto run = whole_number_from_text(line.substr(begin, end - begin));
    if (run && *run >= 0 && static_cast<std::size_t>(*run) < runs)
      chunk.push_back(static_cast<std::size_t>(*run));
    begin = end + 1;
  }
  return chunk;
}

void print_news(std::size_t run, RunNews news) {
  std::printf("%s %zu\n", std::string(name_of(news)).c_str(), run);
  std::fflush(stdout);
}

int serve(const SweepPlan& plan, const SweepFolder& folder, const Interrupt& interrupt) {
  std::vector<std::size_t> all(plan.runs());
  std::iota(all.begin(), all.end(), std::size_t{0});
  auto worker = ChunkWorker::open(
      plan, all, {folder, [&] { return interrupt.requested() || input_is_closed(); }, print_news});
  if (!worker) return report(worker.error());
  Orders orders(interrupt);
  while (const auto line = orders.next()) {
    const auto trained = worker->train(runs_in(*line, plan.runs()));
    if (!trained) return report(trained.error());
    if (!*trained) return kRunAgain;
  }
  return interrupt.requested() ? kRunAgain : 0;
}

int train_part(const SweepPlan& plan, const SweepFolder& folder, const Part& part,
               const Interrupt& interrupt) {
  std::vector<std::size_t> runs = coarse_to_fine(plan);
  std::erase_if(runs, [&](std::size_t run) { return run % part.of != part.number - 1; });
  std::size_t counts[5] = {};
  auto worker =
      ChunkWorker::open(plan, runs,
                        {folder, [&] { return interrupt.requested(); },
                         [&](std::size_t, RunNews news) { ++counts[static_cast<std::size_t>(news)]; }});
  if (!worker) return report(worker.error());
  const auto trained = worker->train_and_wait(runs);
  if (!trained) return report(trained.error());
  const auto count = [&](RunNews news) { return counts[static_cast<std::size_t>(news)]; };
  std::printf("part %zu of %zu: %zu runs, %zu trained, %zu known, %zu failed\n", part.number, part.of,
              runs.size(), count(RunNews::trained), count(RunNews::found), count(RunNews::failed));
  if (*trained) return 0;
  report(failure("asked to end; what is finished is kept, and the same command goes on"));
  return kRunAgain;
}

int work(const WorkerRequest& request) {
  if (request.background) lower_this_threads_priority();  // and that of all threads to come
  const Interrupt interrupt({}, {SIGUSR2});
  if (request.serve == !request.chunk.empty())
    return report(usage_error("sweep-worker needs --chunk K/N: which part of the plan to train"));
  auto plan = load_plan(request.plan);
  if (!plan) return report(plan.error());
  if (Status valid = validate(*plan); !valid) return report(valid.error());
  auto folder = named_folder("--out", request.out);
  if (!folder) return report(folder.error());
  const SweepFolder place{*folder, !request.no_cache};
  if (request.serve) return serve(*plan, place, interrupt);
  const auto part = parse_part(request.chunk);
  return part ? train_part(*plan, place, *part, interrupt) : report(part.error());
}

}  // namespace

void add_sweep_worker_command(CLI::App& app, CommandResult& result) {
  CLI::App* command = app.add_subcommand("sweep-worker", "train one part of a sweep's plan, on any machine");
  auto request = std::make_shared<WorkerRequest>();
  command->add_option("--plan", request->plan, "the plan: DIR/plan.json of `grokscope sweep`")
      ->type_name("FILE")
      ->required();
  command->add_option("--chunk", request->chunk, "the K-th of N parts, from 1")->type_name("K/N");
  command->add_option("--out", request->out, "the folder of the sweep")->type_name("DIR")->required();
  command->add_flag("--no-cache", request->no_cache, "neither use nor fill what sweeps share");
  command->add_flag("--serve", request->serve, "take the runs from standard input")->group("");
  command->add_flag("--background", request->background, "give way to all other processes")->group("");
  command->callback([request, &result] { result.action = [request] { return work(*request); }; });
}

}  // namespace grokscope
