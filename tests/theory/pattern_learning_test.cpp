// Pattern learning against its definition, set by set; and its fit against planted parameters.
#include "theory/pattern_learning.h"

#include <gtest/gtest.h>

#include <cmath>

namespace grokscope::theory {
namespace {

/// Equation 2 as it is written: over all sets A of patterns.
double by_sets(const Patterns& patterns, double time) {
  double sum = 0.0;
  for (unsigned set = 1; set < 8; ++set) {
    double probability = 1.0, all = 0.0, size = 0.0;
    for (unsigned i = 0; i < 3; ++i) {
      const double p = patterns[i].learned(time);
      const bool in = (set >> i & 1u) != 0;
      probability *= in ? p : 1.0 - p;
      all += in ? patterns[i].generalisation : 0.0;
      size += in ? 1.0 : 0.0;
    }
    sum += probability * ((set & 4u) != 0 ? patterns[2].generalisation : all / size);
  }
  return sum;
}

double none_by_product(const Patterns& patterns, double time) {
  double none = 1.0;
  for (const Pattern& one : patterns)
    none *= 1.0 - one.capacity / (1.0 + std::exp(-one.speed * (time - one.onset)));
  return none;
}

TEST(PatternLearning, IsTheSumOverAllSetsOfPatterns) {
  Patterns odd = double_descent_patterns();
  odd[0].generalisation = 0.8;
  odd[1].generalisation = 0.3;
  odd[2].generalisation = 0.9;
  for (const Patterns& patterns : {double_descent_patterns(), grokking_patterns(), odd}) {
    for (double time = 0.0; time <= 300.0; time += 12.5) {
      EXPECT_NEAR(test_accuracy(patterns, time), by_sets(patterns, time), 1e-14);
      EXPECT_NEAR(train_accuracy(patterns, time), 1.0 - none_by_product(patterns, time), 1e-14);
    }
  }
}

RunCurves curves_of(const Patterns& patterns, double unit, double noise) {
  RunCurves run{.name = "planted", .steps = {}, .train_accuracy = {}, .test_accuracy = {}};
  for (int i = 0; i <= 200; ++i) {
    const double time = 1.5 * i;
    const double wiggle = noise * std::sin(12.9898 * i);
    run.steps.push_back(time * unit);
    run.train_accuracy.push_back(train_accuracy(patterns, time) + wiggle);
    run.test_accuracy.push_back(test_accuracy(patterns, time) - wiggle);
  }
  return run;
}

TEST(PatternLearning, FindsTheTimeScaleOfARun) {
  for (const double unit : {10.0, 37.5}) {
    const RunCurves run = curves_of(grokking_patterns(), unit, 0.0);
    EXPECT_NEAR(fitted_steps_per_unit(grokking_patterns(), run), unit, 1e-4 * unit);
    EXPECT_LT(misfit(grokking_patterns(), run, unit), 1e-12);
  }
  RunCurves early = curves_of(grokking_patterns(), 1.0, 0.0);  // the same course in two thirds of the run
  for (std::size_t i = 0; i < early.size(); ++i) early.steps[i] *= 40.0;
  early.steps.push_back(early.steps.back() * 1.5);
  early.train_accuracy.push_back(train_accuracy(grokking_patterns(), 450.0));
  early.test_accuracy.push_back(test_accuracy(grokking_patterns(), 450.0));
  EXPECT_NEAR(fitted_steps_per_unit(grokking_patterns(), early), 40.0, 0.1);
}

constexpr Patterns kLeast{Pattern{0.005, 0, 0, 0}, Pattern{0.005, 0, 0, 0}, Pattern{0.005, 0, 0, 0}};
constexpr Patterns kMost{Pattern{2, 300, 1, 1}, Pattern{2, 300, 1, 1}, Pattern{2, 300, 1, 1}};

TEST(PatternLearning, AFitFindsWhatWasPlanted) {
  Patterns planted = double_descent_patterns();
  planted[0].capacity = 0.6;
  planted[0].generalisation = 0.9;
  planted[1] = {0.12, 70.0, 0.9, 0.1};
  planted[2] = {0.06, 180.0, 0.5, 0.8};
  const auto fit = fit_patterns(grokking_patterns(), kLeast, kMost, curves_of(planted, 8.0, 0.0));
  ASSERT_TRUE(fit) << fit.error().message;
  EXPECT_LT(fit->residual, 1e-5);
  EXPECT_NEAR(fit->steps_per_unit, 8.0, 1e-12);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(fit->patterns[i].speed, planted[i].speed, 2e-3) << i;
    EXPECT_NEAR(fit->patterns[i].onset, planted[i].onset, 0.5) << i;
    EXPECT_NEAR(fit->patterns[i].capacity, planted[i].capacity, 5e-3) << i;
    EXPECT_NEAR(fit->patterns[i].generalisation, planted[i].generalisation, 5e-3) << i;
  }
}

TEST(PatternLearning, AFitSaysHowSureItIs) {
  Patterns planted = double_descent_patterns();
  planted[2] = {0.06, 180.0, 0.5, 0.8};
  const auto fit = fit_patterns(grokking_patterns(), kLeast, kMost, curves_of(planted, 8.0, 0.01));
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->residual, 0.01 / std::sqrt(2.0), 1e-3);
  const double error = fit->errors[2].onset;
  EXPECT_GT(error, 0.01);
  EXPECT_LT(error, 5.0);
  EXPECT_NEAR(fit->patterns[2].onset, 180.0, 5.0 * error);
}

TEST(PatternLearning, AValueAtTheEndOfItsRangeHasNoError) {
  const auto fit =
      fit_patterns(grokking_patterns(), kLeast, kMost, curves_of(double_descent_patterns(), 8.0, 0.0));
  ASSERT_TRUE(fit);
  EXPECT_LT(fit->residual, 1e-3);
  EXPECT_NEAR(fit->patterns[1].capacity, 1.0, 1e-3);
  EXPECT_TRUE(std::isnan(fit->errors[1].capacity));
  EXPECT_TRUE(std::isnan(fit->errors[0].generalisation));
  EXPECT_TRUE(std::isfinite(fit->errors[2].onset));
}

TEST(PatternLearning, AFitNeedsARun) {
  RunCurves run = curves_of(grokking_patterns(), 1.0, 0.0);
  for (auto* column : {&run.steps, &run.train_accuracy, &run.test_accuracy}) column->resize(11);
  const auto fit = fit_patterns(grokking_patterns(), kLeast, kMost, run);
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.error().exit_code(), 1);
}

}  // namespace
}  // namespace grokscope::theory
