// The study linear_regression: the formula over d at once, training sets drawn beside it.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "theory/linear_regression.h"
#include "theory/study_list.h"
#include "theory/study_parameters.h"
#include "theory/study_words.h"

namespace grokscope::theory {
namespace {

enum Place { kExamples, kFeatures, kNoise, kNorm, kDecay, kTrials, kSeed };

constexpr std::array kParameters{
    in_decades(whole_number("n", "Training examples n", "examples", {10, 500, 100},
                            "Examples in the training set: the peak stands where d reaches it.")),
    in_decades(whole_number("D", "Features D", "features", {10, 1000, 200},
                            "Features that the answer depends on; a model uses the first d of them.")),
    real_number("sigma", "Noise σ", "", {0, 10, 0.5}, "Standard deviation of the noise in the answers."),
    in_decades(real_number("norm", "Norm ‖β‖", "", {0.1, 20, 4},
                           "How strongly the answer depends on all features together.")),
    real_number("decay", "Decay of β", "", {0, 3, 0.75},
                "β_j² is proportional to j to the power of minus this: 0 makes all features alike, a "
                "large one makes the first features the ones that matter."),
    whole_number("trials", "Drawn training sets", "sets", {0, 2000, 60},
                 "How many training sets are drawn and fitted beside the formula, each by the "
                 "minimum-norm solution; the bars are standard errors of the mean."),
    seed_of("Of the drawn training sets.")};

const std::vector<StudySetting>& settings() {
  static const std::vector<StudySetting> kSettings{
      {"double-descent", "Double descent", {}},
      {"weak-features", "Weak features, all alike", {{"decay", 0.0}}},
      {"no-second", "No second descent", {{"decay", 2.0}, {"sigma", 2.0}}}};
  return kSettings;
}

LinearRegression problem_of(const StudyValues& values) {
  return {static_cast<std::int64_t>(values[kExamples]), static_cast<std::int64_t>(values[kFeatures]),
          values[kNoise], values[kNorm], values[kDecay]};
}

/// Where training sets are fitted: denser around n, and nowhere that the mean does not exist.
std::vector<std::int64_t> places_of(const LinearRegression& problem) {
  std::vector<std::int64_t> places = spaced_in_decades(1, problem.features, 24);
  for (const double share : {0.5, 0.65, 0.75, 0.85, 0.9, 0.95, 1.05, 1.1, 1.2, 1.3, 1.5, 1.8}) {
    const auto d = static_cast<std::int64_t>(std::llround(share * static_cast<double>(problem.examples)));
    if (d >= 1 && d <= problem.features) places.push_back(d);
  }
  std::erase_if(places, [&](std::int64_t d) { return std::abs(d - problem.examples) <= 1; });
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

StudyResult with_formula(const LinearRegression& problem) {
  StudySeries formula{"formula", StudyLook::formula, {}};
  const std::vector<double> risks = expected_risks(problem);
  for (std::size_t i = 0; i < risks.size(); ++i)
    formula.points.push_back({static_cast<double>(i + 1), risks[i]});
  StudyResult result;
  StudyPlot plot{"risk",
                 "Excess risk of the shortest least-squares solution",
                 {.label = "features used d", .log = true, .whole = true},
                 {.label = "excess risk", .log = true},
                 {}};
  const DescentShape shape = descent_by_ratio(heights_of(formula.points), 1.005);
  const std::string n = fmt::format("n = {}", problem.examples);
  const double peak = formula.points[shape.peak].x;
  DescentWords words{
      .what = "Excess risk",
      .at = "d = ",
      .threshold = std::abs(peak - static_cast<double>(problem.examples)) <= 1.0 ? " ≈ " + n : "",
      .ends_lower = "more parameters than examples are better than any fewer",
      .ends_higher = "a few good features remain better than all"};
  result.caption = sentence_of(words, formula.points, shape);
  result.numbers = numbers_of(formula.points, shape);
  plot.series.push_back(std::move(formula));
  result.plots.push_back(std::move(plot));
  if (problem.examples <= problem.features)
    result.marks.push_back({static_cast<double>(problem.examples), "interpolation threshold d = " + n});
  return result;
}

/// With a gap at n: nothing was measured there.
StudySeries measured_series(const std::vector<std::int64_t>& places, const std::vector<RunningMean>& means,
                            std::int64_t n) {
  StudySeries series{fmt::format("mean of {} training sets", means.empty() ? 0 : means.front().count()),
                     StudyLook::measured,
                     {}};
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i > 0 && places[i - 1] < n && places[i] > n) {
      series.points.push_back({static_cast<double>(n), std::numeric_limits<double>::infinity()});
      series.errors.push_back(std::numeric_limits<double>::quiet_NaN());
    }
    series.points.push_back({static_cast<double>(places[i]), means[i].mean()});
    series.errors.push_back(means[i].standard_error());
  }
  return series;
}

Status compute(const StudyValues& values, const StudyInputs&, const StudySink& sink) {
  const LinearRegression problem = problem_of(values);
  StudyResult result = with_formula(problem);
  const auto trials = static_cast<std::int64_t>(values[kTrials]);
  result.complete = trials == 0;
  if (!sink(result) || trials == 0) return {};
  const std::vector<std::int64_t> places = places_of(problem);
  std::vector<RunningMean> means(places.size());
  for (std::int64_t trial = 0; trial < trials; ++trial) {
    const std::vector<double> risks =
        drawn_risks(problem, places, static_cast<std::uint64_t>(values[kSeed]), trial);
    for (std::size_t i = 0; i < risks.size(); ++i) means[i].add(risks[i]);
    result.complete = trial + 1 == trials;
    StudyResult so_far = result;
    so_far.plots.front().series.push_back(measured_series(places, means, problem.examples));
    if (!sink(so_far)) return {};
  }
  return {};
}

}  // namespace

Study linear_regression_study() {
  return {.name = "linear_regression",
          .title = "Linear regression",
          .source = "Belkin, Hsu, Xu 2020, Two models of double descent for weak features, theorem 1",
          .help =
              "Excess risk of the shortest least-squares solution with the first d of D Gaussian features. "
              "Look for the peak where d reaches n, and for what lies behind it.",
          .formulas =
              "y = x·β + σ ε with x ~ N(0, I_D) and ε ~ N(0, 1); the model sees the first d features of n "
              "examples and takes the solution with the least norm among those with the least squared error. "
              "With miss = Σ_{j>d} β_j² and s² = σ² + miss the expected excess risk is\n\n"
              "    miss + s² d / (n − d − 1)                                d < n − 1\n"
              "    miss + (‖β‖² − miss) (1 − n/d) + s² n / (d − n − 1)      d > n + 1\n\n"
              "and infinite between. Beside it: the mean of |w − β|² of the solution w over drawn training "
              "sets, with its "
              "standard error. Within three of n the risk has no variance, and its mean comes slowly.",
          .parameters = kParameters,
          .settings = settings(),
          .compute = compute};
}

}  // namespace grokscope::theory
