// What every workload of `grokscope bench` takes and gives. A workload is one file in this folder with one
// function, and one line in workloads.cpp. Main thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "base/result.h"
#include "base/statistics.h"

namespace grokscope::bench {

struct Request {
  double seconds =
      5.0;  ///< of measuring, each workload (launches and fixed amounts of work take what they take)
  int repeats = 7;
  int threads = 0;  ///< 0 = as a run chooses
  std::string engine = "auto";
  std::vector<std::string> settings;  ///< KEY=VALUE, of the trainings that are measured
};

/// The target that a number is held to (docs/performance.md, "wanted").
struct Target {
  bool at_least = false;  ///< else: at most
  double value = 0.0;
  bool met_by(double measured) const { return at_least ? measured >= value : measured <= value; }
};

/// One line of the table. `spread` is in `unit`.
struct Measure {
  std::string what;  ///< plain words: "one frame over 10 million points"
  std::string key;   ///< the same for programs: "frame_all"
  std::string unit;  ///< "ms", "steps/s", "points/s", "MB", "ratio"
  Spread spread;
  std::optional<Target> target;
  std::string remark;  ///< "2 threads, fused, 62 % of the peak"
};

/// How the time of a step grows with one setting.
struct Curve {
  std::string axis;     ///< "p"
  std::string setting;  ///< "task.modulus"
  std::string base;     ///< what stays the same, one sentence
  std::vector<double> x, median_ms;
  double slope = 0.0;  ///< of log median against log x
};

struct Outcome {
  std::vector<Measure> measures;
  std::vector<Curve> curves;
  Json facts = Json::object();     ///< beside the measures in the JSON of this workload
  std::vector<std::string> notes;  ///< what a reader must know to trust the numbers
  std::string impossible;          ///< why it cannot run here; "" = it ran
};

struct Workload {
  std::string_view name;
  std::string_view summary;  ///< one line for --list
  Result<Outcome> (*run)(const Request& request, std::string_view name);
};

/// In the order in which they run.
std::span<const Workload> workloads();

}  // namespace grokscope::bench
