// Workload `watching`: what looking costs. Steps a second of quickstart with all default probes and without,
// and with a window open and without, in turns (A B A B), ratios of medians; and how long a slider takes to
// reach a trainer that runs flat out.
#include <algorithm>
#include <chrono>

#include "app/bench/display.h"
#include "app/bench/launch.h"
#include "app/bench/scratch_folder.h"
#include "app/bench/workload_list.h"
#include "config/presets.h"
#include "history/interventions/set.h"
#include "session/session.h"

namespace grokscope::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRounds = 5;
constexpr int kCommands = 50;
constexpr double kLongestWait_s = 10.0;
constexpr std::int64_t kEndless = 1'000'000'000;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// quickstart without an end, at full speed, recorded nowhere.
Result<std::unique_ptr<Session>> endless_session(const Request& request, bool with_probes) {
  auto config = load_config("quickstart");
  if (!config) return config.error();
  config->train.steps = kEndless;
  config->train.engine = request.engine;
  SessionOptions options;
  options.write_run_folder = false;
  options.trainer.device = Device::cpu;
  options.trainer.threads = request.threads;
  options.trainer.probes = with_probes;
  return Session::start(std::move(*config), std::move(options));
}

/// Pumps for `seconds`; false when the run ended by itself, which is an error.
bool pump_for(Session& session, double seconds) {
  return !session.wait(std::chrono::milliseconds(std::max(1LL, static_cast<long long>(1e3 * seconds))));
}

Error ended_early(const Session& session) {
  return failure("the run ended while it was measured: " + session.status().error + session.status().stopped);
}

/// Steps a second of a headless run from its first evaluations on.
Result<double> headless_rate(const Request& request, double seconds, bool with_probes) {
  auto started = endless_session(request, with_probes);
  if (!started) return started.error();
  Session& session = **started;
  const auto start = Clock::now();
  const auto is_loading = [&] {  // which is not training
    return session.history().evaluations().size() < 3 || (with_probes && session.history().probes().empty());
  };
  while (is_loading()) {
    if (!pump_for(session, 0.001)) return ended_early(session);
    if (seconds_since(start) > kLongestWait_s * 6) return failure("the run did not begin in a minute");
  }
  const std::int64_t first_step = session.status().step;
  const auto measured_from = Clock::now();
  while (seconds_since(measured_from) < seconds) {
    if (!pump_for(session, std::min(0.1, seconds))) return ended_early(session);
  }
  return static_cast<double>(session.status().step - first_step) / seconds_since(measured_from);
}

Result<Launch> window_launch(const Request& request, double seconds, const BenchDisplay& display,
                             const std::string& folder) {
  return launch({"quickstart", "--full-speed", "--measure", std::to_string(seconds), "--steps",
                 std::to_string(kEndless), "--threads", std::to_string(request.threads), "--set",
                 "train.engine=" + request.engine},
                display.environment(), folder);
}

Spread ratio_of(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> ratios;  // of neighbours in time, for the spread; the median is that of the medians
  for (std::size_t i = 0; i < a.size(); ++i) ratios.push_back(a[i] / b[i]);
  Spread spread = spread_of(ratios);
  spread.median = median_of(a) / median_of(b);
  return spread;
}

Status measure_probes(const Request& request, Outcome& outcome) {
  std::vector<double> with, without;
  for (int round = 0; round < kRounds; ++round) {
    for (const bool probes : {true, false}) {
      const auto rate = headless_rate(request, request.seconds, probes);
      if (!rate) return rate.error();
      (probes ? with : without).push_back(*rate);
    }
  }
  outcome.measures.push_back(
      {"steps a second without probes", "rate_no_probes", "steps/s", spread_of(without), {}, ""});
  outcome.measures.push_back(
      {"steps a second with all default probes", "rate_probes", "steps/s", spread_of(with), {}, ""});
  outcome.measures.push_back({"with probes against without", "probes_ratio", "x", ratio_of(with, without),
                              Target{true, 0.95}, "ratio of medians"});
  return {};
}

/// The share of the window that is the rasteriser's shows in processor time: everything but the trainer.
Status measure_window(const Request& request, const BenchDisplay& display, Outcome& outcome) {
  const auto folder = ScratchFolder::make();
  if (!folder) return folder.error();
  std::vector<double> window, headless, frames, window_thread_share;
  for (int round = 0; round < kRounds; ++round) {
    const auto seen = window_launch(request, request.seconds, display, folder->path());
    if (!seen) return seen.error();
    window.push_back(seen->printed.value("steps_per_second", 0.0));
    frames.push_back(seen->printed.value("frames_per_second", 0.0));
    window_thread_share.push_back(100.0 * seen->printed.value("window_thread_cpu_share", 0.0));
    const auto rate = headless_rate(request, request.seconds, true);
    if (!rate) return rate.error();
    headless.push_back(*rate);
  }
  outcome.measures.push_back({"steps a second with the window open",
                              "rate_window",
                              "steps/s",
                              spread_of(window),
                              {},
                              display.description()});
  outcome.measures.push_back({"window open against headless", "window_ratio", "x", ratio_of(window, headless),
                              Target{true, 0.7}, "ratio of medians, probes on in both"});
  outcome.measures.push_back(
      {"frames a second of that window", "window_frames", "frames/s", spread_of(frames), {}, ""});
  outcome.measures.push_back({"of one core for the window's own thread",
                              "window_thread",
                              "%",
                              spread_of(window_thread_share),
                              {},
                              "the rasteriser's threads are not in it"});
  return {};
}

std::size_t set_events(const Session& session) {
  const auto events = session.history().events();
  return static_cast<std::size_t>(
      std::count_if(events.begin(), events.end(), [](const Event& event) { return event.kind == "set"; }));
}

/// Milliseconds from a command sent to its event read back, once for each of 50 slider positions.
Status measure_commands(const Request& request, Outcome& outcome) {
  auto started = endless_session(request, true);
  if (!started) return started.error();
  Session& session = **started;
  while (session.history().evaluations().size() < 3) {
    if (!pump_for(session, 0.01)) return ended_early(session);
  }
  std::vector<double> milliseconds;
  for (int i = 0; i < kCommands; ++i) {
    const std::size_t before = set_events(session);
    const auto sent = Clock::now();
    session.send(setting_change("optimizer.weight_decay", 0.5 + 0.01 * i));
    while (set_events(session) == before) {
      session.pump(std::chrono::milliseconds(1));
      if (seconds_since(sent) > kLongestWait_s) return failure("a changed setting was never applied");
    }
    milliseconds.push_back(1e3 * seconds_since(sent));
    if (!pump_for(session, 0.02)) return ended_early(session);  // as a hand moves
  }
  const Spread spread = spread_of(milliseconds);
  outcome.measures.push_back({"a changed setting until it is applied, trainer flat out",
                              "command_latency",
                              "ms",
                              spread,
                              {},
                              "50 changes"});
  outcome.measures.push_back({"the slowest of them",
                              "command_latency_max",
                              "ms",
                              {spread.maximum, spread.maximum, spread.maximum, 0.0, 1},
                              Target{false, 100.0},
                              ""});
  return {};
}

}  // namespace

Result<Outcome> run_watching_workload(const Request& request, std::string_view) {
  Outcome outcome;
  if (Status measured = measure_probes(request, outcome); !measured) return measured.error();
  const auto display = BenchDisplay::find();
  if (display) {
    if (Status measured = measure_window(request, *display, outcome); !measured) return measured.error();
  } else {
    outcome.notes.push_back("the open window was not measured: " + display.error().message);
  }
  if (Status measured = measure_commands(request, outcome); !measured) return measured.error();
  return outcome;
}

}  // namespace grokscope::bench
