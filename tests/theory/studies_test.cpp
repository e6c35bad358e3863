// Studies: their tables, names and errors; captions that say what the numbers are.
#include "theory/study.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "config/presets.h"
#include "theory/curve_shape.h"

namespace grokscope::theory {
namespace {

TEST(Studies, EveryRowIsWhole) {
  std::set<std::string_view> names;
  for (const Study& study : studies()) {
    EXPECT_TRUE(names.insert(study.name).second) << study.name;
    EXPECT_GE(study.source.size(), 20u);
    EXPECT_GE(study.settings.size(), 2u);
    std::set<std::string_view> parameters;
    for (const StudyParameter& one : study.parameters) {
      EXPECT_TRUE(parameters.insert(one.name).second) << one.name;
      EXPECT_GE(one.help.size(), 15u) << one.name;
      StudyValues values = initial_values(study);
      EXPECT_TRUE(set_parameter(study, values, one.name, one.initial)) << one.name;
      EXPECT_FALSE(set_parameter(study, values, one.name, one.maximum + 1.0)) << one.name;
      EXPECT_FALSE(set_parameter(study, values, one.name, std::nan(""))) << one.name;
      const std::string text = std::string(one.name) + "=" + text_of_parameter(one, one.initial);
      EXPECT_TRUE(set_parameter_from_text(study, values, text)) << text;
      EXPECT_EQ(value_of(study, values, one.name), one.initial);
    }
    for (const StudySetting& setting : study.settings) {
      StudyValues values = initial_values(study);
      for (const auto& [name, value] : setting.values)
        EXPECT_TRUE(set_parameter(study, values, name, value)) << name;
      EXPECT_EQ(values, values_of(study, setting));
    }
  }
}

TEST(Studies, PresetsOpenStudiesThatThereAre) {
  std::size_t opened = 0;
  for (const Preset& preset : presets()) {
    if (preset.opens.theory.empty()) continue;
    ++opened;
    const Study* study = find_study(preset.opens.theory);
    ASSERT_NE(study, nullptr) << preset.name;
    StudyValues values = initial_values(*study);
    for (const std::string& one : preset.opens.assignments)
      EXPECT_TRUE(set_parameter_from_text(*study, values, one)) << preset.name << ": " << one;
  }
  EXPECT_GE(opened, 4u);
}

TEST(Studies, WrongNamesAndValuesOfferTheRightOnes) {
  EXPECT_EQ(study_named("linear_regresion").error().message,
            "there is no study 'linear_regresion': did you mean 'linear_regression'?");
  EXPECT_EQ(study_named("linear_regresion").error().exit_code(), 2);
  const Study& study = *find_study("random_features");
  StudyValues values = initial_values(study);
  EXPECT_EQ(set_parameter_from_text(study, values, "sigm=3").error().message,
            "random_features has no parameter 'sigm': did you mean 'sigma'?");
  EXPECT_EQ(set_parameter_from_text(study, values, "n=12.5").error().message,
            "n of random_features must be a whole number in 50 .. 2000, not 12.5");
  EXPECT_EQ(set_parameter_from_text(study, values, "data=cifar").error().message,
            "data of random_features must be mnist-if-there | mnist | mixture, not 'cifar'");
  EXPECT_FALSE(set_parameter_from_text(study, values, "n"));
  ASSERT_TRUE(set_parameter_from_text(study, values, "data=mixture"));
  EXPECT_EQ(value_of(study, values, "data"), 2.0);
}

TEST(Studies, AStoppedComputationSaysNothingMore) {
  for (const Study& study : studies()) {
    StudyValues values = initial_values(study);
    if (study.reads_images) {
      ASSERT_TRUE(set_parameter_from_text(study, values, "n=50"));
    }
    int told = 0;
    ASSERT_TRUE(study.compute(values, {}, [&](const StudyResult&) {
      ++told;
      return false;
    }));
    EXPECT_EQ(told, 1) << study.name;
  }
}

StudyResult result_of(std::string_view name, const std::vector<std::string>& settings) {
  const Study& study = *find_study(name);
  StudyValues values = initial_values(study);
  for (const std::string& one : settings) EXPECT_TRUE(set_parameter_from_text(study, values, one)) << one;
  const auto result = compute_study(study, values, {});
  EXPECT_TRUE(result) << result.error().message;
  EXPECT_TRUE(result->complete);
  return *result;
}

double number_of(const StudyResult& result, std::string_view name) {
  for (const StudyNumber& number : result.numbers) {
    if (number.name == name) return number.value;
  }
  return std::nan("");
}

/// What a caption may claim is what the points say.
TEST(Studies, CaptionsFollowTheShapeOfTheCurve) {
  const auto linear = [](const std::vector<std::string>& more) {
    std::vector<std::string> all{"trials=0"};
    all.insert(all.end(), more.begin(), more.end());
    return result_of("linear_regression", all);
  };
  const StudyResult twice = linear({});
  EXPECT_EQ(
      twice.caption,
      "Excess risk falls to 11.3 at d = 27, grows without bound at d = 99 ≈ n = 100, and falls again to "
      "8.25 at d = 200: more parameters than examples are better than any fewer.");
  const auto& risks = twice.plots.front().series.front().points;
  EXPECT_NEAR(risks[26].y, number_of(twice, "first_minimum"), 1e-12);
  EXPECT_EQ(number_of(twice, "second_minimum_at"), 200.0);
  EXPECT_NE(linear({"decay=2", "sigma=2"}).caption.find("a few good features remain better"),
            std::string::npos);
  EXPECT_NE(linear({"decay=0"}).caption.find("rises from"), std::string::npos);
  EXPECT_NE(linear({"D=50", "n=500"}).caption.find("there is no peak"), std::string::npos);
  EXPECT_NE(
      result_of("two_scale", {"slow_scale=1", "slow_norm=1.5"}).caption.find("there is no second descent"),
      std::string::npos);
  EXPECT_NE(result_of("two_scale", {"rate=1"}).caption.find("diverges"), std::string::npos);
  EXPECT_NE(result_of("pattern_learning", {"gamma2=0", "gamma3=0"}).caption.find("Neither is learned"),
            std::string::npos);
  EXPECT_NE(result_of("pattern_learning", {"g2=1", "g3=1", "gamma3=1"}).caption.find("without a long delay"),
            std::string::npos);
}

TEST(CurveShape, TurnsThatCount) {
  const std::vector<double> y{5, 4, 3, 3.1, 3, 2, 6, 6.2, 6, 1};
  const auto turns = turning_points(y, 0.5);
  ASSERT_EQ(turns.size(), 2u);
  EXPECT_TRUE(turns[0].minimum);
  EXPECT_EQ(turns[0].index, 5u);
  EXPECT_EQ(turns[1].index, 7u);
  EXPECT_EQ(turning_points(y, 0.05).size(), 4u);
  EXPECT_EQ(descent_by_ratio(y, 1.2).kind, Descent::twice);
  EXPECT_TRUE(descent_by_ratio(y, 1.2).second_is_lower);
  EXPECT_EQ(descent_by_ratio(std::vector<double>{4, 3, 2}, 1.05).kind, Descent::falling);
  EXPECT_EQ(descent_by_ratio(std::vector<double>{2, 3, 4}, 1.05).kind, Descent::rising);
  EXPECT_EQ(descent_by_ratio(std::vector<double>{2, 2.01, 2}, 1.05).kind, Descent::flat);
  EXPECT_EQ(descent_by_ratio(std::vector<double>{3, 2, 3}, 1.05).kind, Descent::single_minimum);
  const double inf = std::numeric_limits<double>::infinity();
  const DescentShape bounded = descent_by_ratio(std::vector<double>{3, 2, 9, inf, inf, inf, 9, 1}, 1.05);
  EXPECT_EQ(bounded.kind, Descent::twice);
  EXPECT_EQ(bounded.peak, 3u);
  EXPECT_EQ(bounded.second_minimum, 7u);
}

}  // namespace
}  // namespace grokscope::theory
