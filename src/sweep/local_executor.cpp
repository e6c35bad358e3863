#include "sweep/local_executor.h"

#include <poll.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "base/line_child.h"
#include "base/number_text.h"
#include "sweep/chunk_worker.h"
#include "sweep/outcome_shard.h"
#include "sweep/train_runs.h"

namespace grokscope {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kLook_ms = 100;
constexpr double kChunkSeconds = 5.0;
constexpr std::size_t kFirstChunk = 1;  // nothing has been measured yet
constexpr int kBarrenWorkers = 3;       // that ended without having begun anything, in a row
constexpr auto kAskAgain = std::chrono::milliseconds(300);  // for what another sweep trains
constexpr int kRunAgain = 75;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

struct Worker {
  LineChild child;
  std::deque<std::size_t> chunk;     ///< given and not ended, in order
  std::optional<std::size_t> begun;  ///< of those, what it trains
  bool has_begun = false;            ///< anything at all
  bool told_to_end = false;          ///< it trains what nobody wants
};

/// "trained 12".
std::optional<std::pair<RunNews, std::size_t>> parse_news(const std::string& line) {
  const auto space = line.find(' ');
  const auto news = run_news_named(line.substr(0, space));
  if (!news || space == std::string::npos) return std::nullopt;
  const auto run = whole_number_from_text(line.substr(space + 1));
  if (!run || *run < 0) return std::nullopt;
  return std::pair(*news, static_cast<std::size_t>(*run));
}

class LocalExecutor {
 public:
  LocalExecutor(const SweepPlan& plan, const std::vector<std::size_t>& runs, const ExecutorOptions& options)
      : plan_(plan), options_(options), left_(runs.begin(), runs.end()), all_(runs.size()) {}

  Result<ExecutorReport> work() {
    while (ended() < all_) {
      if (options_.interrupted()) {
        report_.interrupted = true;
        break;
      }
      if (Status handed = hand_out(); !handed) return handed.error();
      wait();
      if (Status heard = hear(); !heard) return heard.error();
      if (options_.progress) options_.progress({ended(), all_, seconds_since(begin_)});
    }
    for (const auto& worker : workers_) worker->child.ask_to_end();
    workers_.clear();  // each is waited for
    report_.seconds = seconds_since(begin_);
    return report_;
  }

 private:
  std::size_t ended() const { return report_.trained + report_.found + report_.failed + report_.dropped; }

  bool wanted(std::size_t run) const { return !options_.wanted || options_.wanted(run); }

  void drop_unwanted() {
    if (!options_.wanted) return;
    report_.dropped += std::erase_if(left_, [&](std::size_t run) { return !wanted(run); });
    for (auto& worker : workers_) {
      if (!worker->begun || worker->told_to_end || wanted(*worker->begun)) continue;
      worker->child.ask_to_end();
      worker->told_to_end = true;
    }
  }

  Status hand_out() {
    if (!busy_.empty() && Clock::now() >= ask_again_) {
      left_.insert(left_.end(), busy_.begin(), busy_.end());
      busy_.clear();
    }
    drop_unwanted();
    for (auto& worker : workers_) {
      if (worker->chunk.empty() && !left_.empty()) give(*worker);
    }
    while (!left_.empty() && workers_.size() < static_cast<std::size_t>(options_.jobs)) {
      auto child = start_worker();
      if (!child && workers_.empty()) return child.error();
      if (!child) return {};  // fewer at once
      workers_.push_back(std::make_unique<Worker>(Worker{std::move(*child), {}, {}, false, false}));
      give(*workers_.back());
    }
    return {};
  }

  Result<LineChild> start_worker() const {
    const SweepFolder& folder = options_.folder;
    std::vector<std::string> arguments = {options_.program, "sweep-worker", "--plan", folder.plan(),
                                          "--out",          folder.path,    "--serve"};
    if (!folder.with_cache) arguments.emplace_back("--no-cache");
    if (options_.background) arguments.emplace_back("--background");
    return LineChild::start(arguments);
  }

  void give(Worker& worker) {
    const std::size_t done = report_.trained + report_.failed;
    const double worked_s = seconds_since(begin_) * static_cast<double>(workers_.size());
    const double seconds_per_run = done == 0 ? 0.0 : worked_s / static_cast<double>(done);
    std::size_t count = chunk_size(left_.size(), options_.jobs, seconds_per_run);
    std::string line;
    for (; count > 0 && !left_.empty(); --count) {
      worker.chunk.push_back(left_.front());
      left_.pop_front();
      line += (line.empty() ? "" : " ") + std::to_string(worker.chunk.back());
    }
    worker.child.tell(line);  // one that does not hear it has ended, which hear() sees
  }

  void wait() {
    std::vector<pollfd> waiting;
    for (const auto& worker : workers_) waiting.push_back({worker->child.descriptor(), POLLIN, 0});
    ::poll(waiting.data(), waiting.size(), kLook_ms);
  }

  Status hear() {
    for (std::size_t i = 0; i < workers_.size();) {
      Worker& worker = *workers_[i];
      for (const std::string& line : worker.child.hear()) {
        if (const auto news = parse_news(line)) note(worker, news->first, news->second);
      }
      if (!worker.child.silent()) {
        ++i;
        continue;
      }
      Status buried = bury(worker);
      workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
      if (!buried) return buried;
    }
    return {};
  }

  void note(Worker& worker, RunNews news, std::size_t run) {
    const auto given = std::find(worker.chunk.begin(), worker.chunk.end(), run);
    if (given == worker.chunk.end()) return;
    worker.has_begun = true;
    barren_ = 0;
    if (news == RunNews::begun) {
      worker.begun = run;
    } else {
      worker.chunk.erase(given);
      if (worker.begun == run) worker.begun.reset();
    }
    if (news == RunNews::busy) {
      busy_.push_back(run);
      ask_again_ = Clock::now() + kAskAgain;
    }
    count(news);
    if (options_.heard) options_.heard(run, news);
  }

  void count(RunNews news) {
    report_.trained += news == RunNews::trained ? 1 : 0;
    report_.failed += news == RunNews::failed ? 1 : 0;
    report_.found += news == RunNews::found ? 1 : 0;
  }

  /// A worker has ended that should not have: what it had not finished is handed out again.
  Status bury(Worker& worker) {
    const int code = worker.child.exit_code();
    if (code != kRunAgain && code < 128)
      return failure("a worker process gave up (exit code " + std::to_string(code) +
                     "); what is finished is kept, and the same command goes on");
    if (!worker.has_begun && ++barren_ >= kBarrenWorkers)
      return failure("worker processes end before they begin (exit code " + std::to_string(code) + ")");
    if (worker.begun && code > 128 && ++deaths_[*worker.begun] >= kDeathsOfARun) {
      std::erase(worker.chunk, *worker.begun);
      const std::string why =
          "it ended its worker process with signal " + std::to_string(code - 128) + ", twice";
      if (Status kept = keep_failure(*worker.begun, why); !kept) return kept;
    }
    left_.insert(left_.begin(), worker.chunk.begin(), worker.chunk.end());
    return {};
  }

  Status keep_failure(std::size_t run, const std::string& why) {
    const RunPlan plan = RunPlans(plan_).at(run);
    auto shard = OutcomeShard::take_one_in(options_.folder.shards());
    if (!shard) return shard.error();
    const Outcome failed = failed_outcome(plan.request, plan.run.config, failure(why));
    if (Status kept = shard->append(line_from_outcome(failed)); !kept) return kept;
    count(RunNews::failed);
    if (options_.heard) options_.heard(run, RunNews::failed);
    return {};
  }

  const SweepPlan& plan_;
  const ExecutorOptions& options_;
  std::deque<std::size_t> left_;
  const std::size_t all_;
  std::vector<std::size_t> busy_;
  std::map<std::size_t, int> deaths_;
  std::vector<std::unique_ptr<Worker>> workers_;
  ExecutorReport report_;
  int barren_ = 0;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point ask_again_ = begin_;
};

}  // namespace

Result<ExecutorReport> train_locally(const SweepPlan& plan, const std::vector<std::size_t>& runs,
                                     const ExecutorOptions& options) {
  return LocalExecutor(plan, runs, options).work();
}

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::size_t chunk_size(std::size_t left, int workers, double seconds_per_run) {
  if (seconds_per_run <= 0.0) return std::min(left, kFirstChunk);
  const auto for_seconds = static_cast<std::size_t>(std::clamp(kChunkSeconds / seconds_per_run, 1.0, 1e4));
  const std::size_t share = left / (static_cast<std::size_t>(workers) * 8);
  return std::clamp<std::size_t>(std::min(for_seconds, share), 1, std::max<std::size_t>(left, 1));
}

}  // namespace grokscope
