// Calibration: what became of runs that are over, from which a forecast for another run like them is made
// (forecast.h), and how often such forecasts were right. A file of JSON Lines that comes with the program,
// and one beside the run folders that grows with every finished run. Torch-free values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config_json.h"

namespace grokscope {

/// A forecast as it was made: generalises between two steps.
struct PastForecast {
  std::int64_t made_step = 0, from_step = 0, to_step = 0;
};

/// One finished run. Steps that never came are -1.
struct PastRun {
  std::string family;  ///< what runs like it have in common (forecast.h)
  std::string preset;
  std::int64_t seed = 0, last_step = 0;
  std::int64_t memorised_step = -1;    ///< train accuracy 99 %
  std::int64_t warned_step = -1;       ///< first ground for a forecast
  std::int64_t generalised_step = -1;  ///< test accuracy half way from chance to 100 %
  bool fitted_on = true;               ///< forecasts are made from it; false: it was kept aside to judge them
  std::optional<PastForecast> forecast;
};

/// How forecasts turned out; those still open when their run ended are not counted.
struct ForecastRecord {
  int right = 0, wrong = 0;
  int false_alarms = 0;  ///< of the wrong ones: the run did not generalise at all
  int made() const { return right + wrong; }
};

class Calibration {
 public:
  void add(PastRun run) { runs_.push_back(std::move(run)); }
  std::span<const PastRun> runs() const { return runs_; }
  ForecastRecord record_of(std::string_view family) const;
  /// Steps to generalise as multiples of the step of the warning, of every run of the family that forecasts
  /// are made from and that was warned, ascending; infinite for one that never did, though it went on for
  /// long enough to be counted.
  std::vector<double> waits_of(std::string_view family) const;

 private:
  std::vector<PastRun> runs_;
};

Json json_from_past_run(const PastRun& run);
/// `source` ("calibration.jsonl line 3") is named in the error.
Result<PastRun> past_run_from_line(std::string_view line, const std::string& source);

/// That which comes with the program, then what this machine has learned from its own runs. A line that
/// cannot be read is passed over.
Calibration load_calibration();
/// Appends a finished run to what this machine has learned; where nothing could be learned, nothing is
/// written.
Status learn_from(const PastRun& run);
/// <data folder>/calibration.jsonl
std::string learned_path();

}  // namespace grokscope
