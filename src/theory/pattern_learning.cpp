// See pattern_learning.h: the model, and the time scale of a run beside it. The fit: pattern_fit.cpp.
#include "theory/pattern_learning.h"

#include <algorithm>
#include <cmath>

namespace grokscope::theory {

double Pattern::learned(double time) const {
  return capacity / (1.0 + std::exp(-speed * (time - onset)));
}

double train_accuracy(const Patterns& patterns, double time) {
  double none = 1.0;
  for (const Pattern& pattern : patterns) none *= 1.0 - pattern.learned(time);
  return 1.0 - none;
}

double test_accuracy(const Patterns& patterns, double time) {
  const double p1 = patterns[0].learned(time), p2 = patterns[1].learned(time), p3 = patterns[2].learned(time);
  // Of the examples without the preferred pattern: one alone answers, or both and each counts half.
  const double first = p1 * (1.0 - p2 / 2.0), second = p2 * (1.0 - p1 / 2.0);
  return (1.0 - p3) * (patterns[0].generalisation * first + patterns[1].generalisation * second) +
         patterns[2].generalisation * p3;
}

double misfit(const Patterns& patterns, const RunCurves& run, double steps_per_unit) {
  double sum = 0.0;
  for (std::size_t i = 0; i < run.size(); ++i) {
    const double time = run.steps[i] / steps_per_unit;
    const double train = train_accuracy(patterns, time) - run.train_accuracy[i];
    const double test = test_accuracy(patterns, time) - run.test_accuracy[i];
    sum += train * train + test * test;
  }
  return run.size() == 0 ? 0.0 : std::sqrt(sum / (2.0 * static_cast<double>(run.size())));
}

double fitted_steps_per_unit(const Patterns& patterns, const RunCurves& run) {
  if (run.size() == 0 || !(run.steps.back() > 0.0)) return 1.0;
  const double whole = run.steps.back() / kPatternTime;
  // The misfit has several minima over the scale: look everywhere, then closer around the best.
  double best = whole, least = misfit(patterns, run, whole), width = std::log(100.0);
  for (int round = 0; round < 8; ++round) {
    const double centre = std::log(best);
    for (int i = -40; i <= 40; ++i) {
      const double scale = std::clamp(std::exp(centre + width * i / 40.0), whole / 100.0, whole * 100.0);
      const double found = misfit(patterns, run, scale);
      if (found < least) {
        least = found;
        best = scale;
      }
    }
    width /= 20.0;
  }
  return best;
}

Patterns double_descent_patterns() {
  return {Pattern{0.15, 30.0, 0.7, 1.0}, Pattern{0.15, 50.0, 1.0, 0.0}, Pattern{0.05, 200.0, 0.2, 1.0}};
}

Patterns grokking_patterns() {
  return {Pattern{0.15, 30.0, 0.0, 1.0}, Pattern{0.15, 50.0, 1.0, 0.0}, Pattern{0.05, 200.0, 1.0, 1.0}};
}

}  // namespace grokscope::theory
