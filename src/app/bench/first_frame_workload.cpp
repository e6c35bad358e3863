// Workload `first-frame`: the program itself, started again and again: until the first frame stands, until a
// curve moves, until the network has understood, with and without a window; and the memory it takes.
#include <algorithm>

#include "app/bench/display.h"
#include "app/bench/launch.h"
#include "app/bench/scratch_folder.h"
#include "app/bench/workload_list.h"

namespace grokscope::bench {
namespace {

struct Readings {
  std::vector<double> first_frame_s, first_curve_s, understood_s, headless_s, headless_end_s,
      longest_frame_ms, memory_mb;
};

constexpr int kLaunchesAtLeast = 5;

Status measure_start(const BenchDisplay& display, const std::string& folder, Readings& readings) {
  const auto started = launch({"quickstart", "--measure", "first-frame"}, display.environment(), folder);
  if (!started) return started.error();
  readings.first_frame_s.push_back(started->printed.value("first_frame_s", 0.0));
  readings.first_curve_s.push_back(started->printed.value("first_curve_s", 0.0));
  return {};
}

Status measure_understanding(const BenchDisplay& display, const std::string& folder, Readings& readings) {
  const auto window =
      launch({"quickstart", "--full-speed", "--measure", "generalised"}, display.environment(), folder);
  if (!window) return window.error();
  if (window->printed.value("test_accuracy", 0.0) < 0.99)
    return failure("quickstart did not reach a test accuracy of 0.99 in the window");
  readings.understood_s.push_back(window->printed.value("end_s", 0.0));
  readings.longest_frame_ms.push_back(1e3 * window->printed.value("longest_frame_s", 0.0));
  readings.memory_mb.push_back(1e-6 * window->printed.value("resident_bytes", 0.0));
  const auto headless =
      launch({"run", "quickstart", "--until", "test_accuracy>=0.99", "--json", "--quiet"}, {}, folder);
  if (!headless) return headless.error();
  const Json& understood_s = headless->printed["process_seconds_to_test_99"];
  if (!understood_s.is_number()) return failure("quickstart did not reach a test accuracy of 0.99 headless");
  readings.headless_s.push_back(understood_s.get<double>());
  readings.headless_end_s.push_back(headless->elapsed_s);
  return {};
}

}  // namespace

Result<Outcome> run_first_frame_workload(const Request& request, std::string_view) {
  Outcome outcome;
  const auto display = BenchDisplay::find();
  if (!display) {
    outcome.impossible = display.error().message;
    return outcome;
  }
  const auto folder = ScratchFolder::make();
  if (!folder) return folder.error();
  Readings readings;
  for (int repeat = 0; repeat < std::max(request.repeats, kLaunchesAtLeast); ++repeat) {
    if (Status measured = measure_start(*display, folder->path(), readings); !measured)
      return measured.error();
    if (repeat >= kLaunchesAtLeast) continue;
    if (Status measured = measure_understanding(*display, folder->path(), readings); !measured)
      return measured.error();
  }
  const std::string shown = display->description();
  outcome.measures = {
      {"process start to the first frame", "first_frame", "s", spread_of(readings.first_frame_s),
       Target{false, 0.7}, shown},
      {"process start to a moving curve", "first_curve", "s", spread_of(readings.first_curve_s),
       Target{false, 1.0}, shown},
      {"process start to 99 % test accuracy, window at full speed", "understood_window", "s",
       spread_of(readings.understood_s), Target{false, 8.0}, shown},
      {"its longest frame after the first (LibTorch is loaded meanwhile)",
       "longest_frame",
       "ms",
       spread_of(readings.longest_frame_ms),
       {},
       ""},
      {"process start to 99 % test accuracy, headless", "understood_headless", "s",
       spread_of(readings.headless_s), Target{false, 4.0}, ""},
      {"the same until the process has ended: last look of every probe, checkpoint",
       "headless_end",
       "s",
       spread_of(readings.headless_end_s),
       {},
       ""},
      {"resident memory of the window then", "memory", "MB", spread_of(readings.memory_mb),
       Target{false, 500.0}, ""},
  };
  return outcome;
}

}  // namespace grokscope::bench
