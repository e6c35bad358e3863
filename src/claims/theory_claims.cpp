// Claims that are computed and not trained: closed forms of double descent and the pattern model. Their
// `runs` are none; `judge` computes.
#include <algorithm>
#include <cmath>
#include <vector>

#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_list.h"
#include "claims/measure.h"
#include "theory/curve_shape.h"
#include "theory/linear_regression.h"
#include "theory/random_features.h"
#include "theory/study.h"
#include "theory/study_words.h"

namespace grokscope {
namespace {

constexpr std::uint64_t kTheorySeeds = 3;

std::vector<PlannedRun> no_runs(ClaimSize) {
  return {};
}

std::vector<Sample> samples_of(const std::vector<theory::StudyPoint>& points) {
  std::vector<Sample> samples;
  for (const theory::StudyPoint& point : points) {
    if (std::isfinite(point.y)) samples.push_back({point.x, point.y});
  }
  return samples;
}

/// What a study gives with one of its settings and a seed; the names are ours, and tests compute every one.
theory::StudyResult computed(std::string_view name, std::string_view setting, std::uint64_t seed) {
  const theory::Study& study = *theory::find_study(name);
  theory::StudyValues values = theory::initial_values(study);
  for (const theory::StudySetting& one : study.settings) {
    if (one.name == setting) values = theory::values_of(study, one);
  }
  static_cast<void>(theory::set_parameter(study, values, "seed", static_cast<double>(seed)));
  auto result = theory::compute_study(study, values, {});
  return result ? std::move(*result) : theory::StudyResult{};
}

// dd-linear-theory

constexpr double kErrorsAllowed = 4.0;
constexpr std::int64_t kNoVarianceWithin = 5;  // of n

/// The largest |mean - formula| in standard errors, over all d that are measured.
double largest_deviation(const theory::LinearRegression& problem, std::uint64_t seed, std::int64_t trials,
                         ClaimLine& drawn) {
  std::vector<std::int64_t> counts = theory::spaced_in_decades(1, problem.features, 40);
  std::erase_if(counts, [&](std::int64_t d) { return std::abs(d - problem.examples) <= kNoVarianceWithin; });
  std::vector<theory::RunningMean> means(counts.size());
  for (std::int64_t trial = 0; trial < trials; ++trial) {
    const auto risks = theory::drawn_risks(problem, counts, seed, trial);
    for (std::size_t i = 0; i < counts.size(); ++i) means[i].add(risks[i]);
  }
  double largest = 0.0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    drawn.samples.push_back({static_cast<double>(counts[i]), means[i].mean()});
    const double off = std::abs(means[i].mean() - theory::expected_risk(problem, counts[i]));
    largest = std::max(largest, off / means[i].standard_error());
  }
  return largest;
}

Judgement judge_linear(std::span<const TrainedRun>, ClaimSize size) {
  const theory::LinearRegression problem;
  const std::int64_t trials = size == ClaimSize::quick ? 200 : 2000;
  ClaimLine formula{"formula", {}, Role::series_1};
  const auto risks = theory::expected_risks(problem);
  for (std::size_t i = 0; i < risks.size(); ++i) {
    if (std::isfinite(risks[i])) formula.samples.push_back({static_cast<double>(i + 1), risks[i]});
  }
  std::vector<ClaimLine> lines{std::move(formula)};
  std::vector<double> deviations;
  for (std::uint64_t seed = 0; seed < kTheorySeeds; ++seed) {
    ClaimLine drawn{"seed " + std::to_string(seed), {}, claim_role(seed + 1)};
    deviations.push_back(largest_deviation(problem, seed, trials, drawn));
    lines.push_back(std::move(drawn));
  }
  Judgement judgement{.measured = "mean of " + grouped(trials) + " training sets: at most " +
                                  ratio_texts(deviations) + " standard errors from the formula (3 seeds)",
                      .holds = true,
                      .explanation = {},
                      .charts = {}};
  require(judgement, *std::max_element(deviations.begin(), deviations.end()) <= kErrorsAllowed,
          "a mean lies more than four of its standard errors from the formula");
  judgement.charts = {claim_chart("risk", "Excess risk over the features used", log_axis("features used d"),
                                  log_axis("excess risk"), std::move(lines))};
  return judgement;
}

// dd-random-features

constexpr double kPeakWithin = 1.1;

Judgement judge_features(std::span<const TrainedRun>, ClaimSize size) {
  const std::int64_t n = size == ClaimSize::quick ? 300 : 1000;
  constexpr double kShares[] = {0.05, 0.1, 0.2,  0.3, 0.4, 0.5, 0.65, 0.8, 0.9,
                                1.0,  1.1, 1.25, 1.5, 2,   3,   5,    8};
  Judgement judgement{.measured = {}, .holds = true, .explanation = {}, .charts = {}};
  std::vector<ClaimLine> lines;
  std::vector<std::string> texts;
  for (std::uint64_t seed = 0; seed < kTheorySeeds; ++seed) {
    theory::RandomFeatures features(theory::gaussian_mixture(n, 2000, seed), 5.0, seed);
    std::vector<theory::StudyPoint> points;
    for (const double share : kShares) {
      const auto count = static_cast<std::int64_t>(std::llround(share * static_cast<double>(n)));
      points.push_back({static_cast<double>(count), features.fit(count).test_error});
    }
    const auto shape = theory::descent_by_ratio(theory::heights_of(points), 1.05);
    const bool twice = shape.kind == theory::Descent::twice;
    require(judgement, twice, "seed " + std::to_string(seed) + ": the test error does not descend twice");
    const double off = points[shape.peak].x / static_cast<double>(n);
    require(judgement, twice && off <= kPeakWithin && off >= 1.0 / kPeakWithin,
            "seed " + std::to_string(seed) + ": the peak is not at N = n");
    require(judgement, shape.second_is_lower,
            "seed " + std::to_string(seed) + ": the second descent ends above the first minimum");
    texts.push_back(
        percent(points[shape.first_minimum].y, 1) + " at N = " + pretty(points[shape.first_minimum].x) +
        ", " + percent(points[shape.peak].y, 1) + " at " + pretty(points[shape.peak].x) + ", " +
        percent(points[shape.second_minimum].y, 1) + " at " + pretty(points[shape.second_minimum].x));
    lines.push_back({"seed " + std::to_string(seed), samples_of(points), claim_role(seed)});
  }
  judgement.measured = "n = " + grouped(n) + "; first minimum, peak, second minimum: " + joined(texts, "; ");
  judgement.charts = {claim_chart("error", "Test error over the number of features",
                                  log_axis("random features N"), percent_axis("test error"),
                                  std::move(lines))};
  return judgement;
}

// dd-two-scale

Judgement judge_two_scale(std::span<const TrainedRun>, ClaimSize) {
  Judgement judgement{.measured = {}, .holds = true, .explanation = {}, .charts = {}};
  std::vector<ClaimLine> lines;
  std::vector<std::string> texts;
  for (std::uint64_t seed = 0; seed < kTheorySeeds; ++seed) {
    const theory::StudyResult result = computed("two_scale", "double-descent", seed);
    const auto& points = result.plots.front().series.back().points;
    const auto shape = theory::descent_by_ratio(theory::heights_of(points), 1.1);
    require(judgement, shape.kind == theory::Descent::twice,
            "seed " + std::to_string(seed) + ": the risk does not fall, rise and fall");
    texts.push_back(pretty(points[shape.first_minimum].y) + ", " + pretty(points[shape.peak].y) + ", " +
                    pretty(points[shape.second_minimum].y));
    lines.push_back({"seed " + std::to_string(seed), samples_of(points), claim_role(seed)});
  }
  judgement.measured = "first minimum, peak, second minimum: " + joined(texts, "; ");
  judgement.charts = {claim_chart("risk", "Excess risk over the steps", log_axis("step"),
                                  log_axis("excess risk"), std::move(lines))};
  return judgement;
}

// davies-pattern-model

double number_in(const theory::StudyResult& result, std::string_view name) {
  for (const theory::StudyNumber& number : result.numbers) {
    if (number.name == name) return number.value;
  }
  return std::nan("");
}

Chart patterns_chart(const char* name, const char* title, const theory::StudyResult& result) {
  std::vector<ClaimLine> lines;
  const auto& series = result.plots.front().series;
  lines.push_back({"train", samples_of(series[0].points), Role::train});
  lines.push_back({"test", samples_of(series[1].points), Role::test});
  return claim_chart(name, title, Axis{.label = "time t"}, percent_axis("accuracy"), std::move(lines));
}

Judgement judge_patterns(std::span<const TrainedRun>, ClaimSize) {
  const theory::StudyResult descent = computed("pattern_learning", "double-descent", 0),
                            grokking = computed("pattern_learning", "grokking", 0);
  const double peak = number_in(descent, "peak"), dip = number_in(descent, "dip"),
               final = number_in(descent, "final_test");
  const double fitted = number_in(grokking, "train_95_at"), generalised = number_in(grokking, "test_95_at");
  Judgement judgement{.measured = "double descent: test accuracy " + percent(peak) + ", " + percent(dip) +
                                  ", " + percent(final) + "; grokking: 95 % train at t = " + pretty(fitted) +
                                  ", 95 % test at t = " + pretty(generalised),
                      .holds = true,
                      .explanation = {},
                      .charts = {}};
  require(judgement, peak - dip >= 0.05 && final - dip >= 0.05,
          "the first setting does not rise, fall and rise by 5 points of test accuracy each");
  require(judgement, generalised >= 2.0 * fitted,
          "the second setting does not generalise at twice the time or later");
  judgement.charts = {patterns_chart("double-descent", "Double descent", descent),
                      patterns_chart("grokking", "Grokking", grokking)};
  return judgement;
}

}  // namespace

Claim dd_linear_theory() {
  return {
      .name = "dd-linear-theory",
      .paper = "Belkin, Hsu, Xu 2020",
      .figure = "Theorem 1",
      .statement =
          "The expected risk of the shortest least-squares solution with d of D Gaussian features is "
          "known in closed form, with a peak without bound at d = n",
      .published = "the formula (docs/theory.md)",
      .expected =
          "the mean risk of drawn training sets is within four of its standard errors of the formula at "
          "every d that is farther than five from n, for three seeds",
      .why =
          "Some hundred means are compared: four standard errors are passed by chance once in a hundred such "
          "checks; closer to n the risk has hardly a variance, and its mean comes too slowly",
      .quick = "200 training sets a seed instead of 2 000",
      .changed = "",
      .preset = "double-descent-linear",
      .data = "",
      .runs = no_runs,
      .judge = judge_linear};
}

Claim dd_random_features() {
  return {
      .name = "dd-random-features",
      .paper = "Belkin et al. 2019",
      .figure = "Figure 2",
      .statement =
          "The test error of random Fourier features peaks where there are as many as examples, and then "
          "falls below the best that fewer gave",
      .published =
          "MNIST, 10 000 examples: a peak at N = 10 000 and a second descent below the first minimum",
      .expected =
          "for three seeds: the error falls, rises and falls; its peak is within a tenth of N = n; its "
          "second minimum is below the first",
      .why =
          "The threshold of the real features is exactly at N = n; the sweep's places beside it are a tenth "
          "away. A Gaussian mixture of ten classes stands for MNIST, so that nothing has to be fetched",
      .quick = "300 examples instead of 1 000",
      .changed = "",
      .preset = "double-descent-random-features",
      .data = "",
      .runs = no_runs,
      .judge = judge_features};
}

Claim dd_two_scale() {
  return {.name = "dd-two-scale",
          .paper = "Heckel and Yilmaz 2021; Pezeshki et al. 2022",
          .figure = "Linear model of two scales",
          .statement =
              "Least squares by gradient descent descends twice over its steps where features are learned at "
              "two speeds",
          .published = "the risk is a sum of U-shaped curves, one for each speed",
          .expected =
              "for three seeds: the excess risk falls, rises by a tenth or more, and falls again by a tenth "
              "or more to a second minimum",
          .why =
              "A tenth is far above rounding: every step is computed exactly; what varies is the drawn "
              "training set",
          .quick = "nothing",
          .changed = "",
          .preset = "double-descent-two-scale",
          .data = "",
          .runs = no_runs,
          .judge = judge_two_scale};
}

Claim davies_pattern_model() {
  return {
      .name = "davies-pattern-model",
      .paper = "Davies, Langosco, Krueger 2023",
      .figure = "Figure 2, equations 1 and 2",
      .statement =
          "One model of three patterns learned at their own speeds gives double descent and grokking",
      .published = "two settings of its capacities: γ = 0.7, 1, 0.2 gives double descent, 0, 1, 1 grokking",
      .expected =
          "with the first, test accuracy rises, falls by 5 points or more and rises by 5 or more; with the "
          "second, test accuracy reaches 95 % at twice the time of training accuracy or later",
      .why = "The curves are smooth: 5 points and a factor of two are what an eye sees in the figures",
      .quick = "nothing",
      .changed = "",
      .preset = "davies-theory",
      .data = "",
      .runs = no_runs,
      .judge = judge_patterns};
}

}  // namespace grokscope
