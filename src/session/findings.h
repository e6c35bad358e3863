// Findings: what the record of a run says beyond its numbers, told once, when it is first known, as events:
// stages of test accuracy and of the rank of the last hidden layer, warnings, the forecast. Reads the history
// and decides nothing about the training. Main thread.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "history/calibration.h"
#include "history/history.h"

namespace grokscope {

class Findings {
 public:
  /// Those that the history has already are not told again. `calibration` may be nullptr: no forecasts.
  Findings(const History& history, std::shared_ptr<const Calibration> calibration);
  /// What is known now and was not at the last call; cheap while nothing new was measured.
  std::vector<Event> news(const History& history);

 private:
  struct Told {
    std::size_t begun = 0, over = 0;
  };
  void tell_stages(const char* of, std::span<const Stage> stages, Told& told, std::vector<Event>& events);
  void tell_warnings(const History& history, std::vector<Event>& events);
  void tell_forecast(const History& history, std::vector<Event>& events);

  std::shared_ptr<const Calibration> calibration_;
  Told accuracy_, rank_;
  std::size_t looks_ = 0;  // at the entropy and the commutator, when it was last called
  bool warned_entropy_ = false, warned_defect_ = false, forecast_told_ = false;
};

}  // namespace grokscope
