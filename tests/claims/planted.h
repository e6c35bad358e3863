// Planted runs for the tests of claims: a history in which train and test accuracy jump at chosen steps.
#pragma once

#include <cstdint>
#include <utility>

#include "claims/claim.h"

namespace grokscope {

/// Train accuracy is 1 from `train_step` on, test accuracy from `test_step` on (-1: never); every 10 steps.
/// The test loss peaks half way between the two.
inline History planted_history(RunConfig config, std::int64_t train_step, std::int64_t test_step,
                               std::int64_t last_step = 4000) {
  History history(std::move(config));
  for (std::int64_t step = 0; step <= last_step; step += 10) {
    Evaluation e;
    e.step = step;
    e.elapsed_s = static_cast<double>(step) * 1e-3;
    e.train_accuracy = train_step >= 0 && step >= train_step ? 1.0 : 0.1;
    e.test_accuracy = test_step >= 0 && step >= test_step ? 1.0 : 0.05;
    e.train_loss = 1.1 - e.train_accuracy;
    e.test_loss = e.test_accuracy == 1.0              ? 0.1
                  : step * 2 < train_step + test_step ? 1.0 + 1e-3 * static_cast<double>(step)
                                                      : 0.9;
    e.weight_norm = 30.0 + 1e-3 * static_cast<double>(step);
    history.append(e);
  }
  return history;
}

inline TrainedRun planted_run(const PlannedRun& run, std::int64_t train_step, std::int64_t test_step) {
  return {run, planted_history(run.config, train_step, test_step), "steps"};
}

}  // namespace grokscope
