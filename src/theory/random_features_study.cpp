// The study random_features: a sweep over the number of features, coarse to fine.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "theory/random_features.h"
#include "theory/study_list.h"
#include "theory/study_parameters.h"
#include "theory/study_words.h"

namespace grokscope::theory {
namespace {

enum Place { kData, kExamples, kTest, kWidth, kNoise, kSeed };
enum Data { kMnistIfThere, kMnist, kMixture };

constexpr std::array<std::string_view, 3> kDataNames{"mnist-if-there", "mnist", "mixture"};

constexpr StudyParameter data_parameter() {
  StudyParameter row = whole_number("data", "Data", "", {0, 2, kMnistIfThere},
                                    "MNIST (scripts/fetch-data mnist), or a mixture of Gaussian clouds that "
                                    "needs no download.");
  row.options = kDataNames;
  return row;
}

constexpr std::array kParameters{
    data_parameter(),
    in_decades(
        whole_number("n", "Training examples n", "examples", {50, 2000, 1000},
                     "The peak stands where the number of features N reaches it. The paper has 10 000: "
                     "that takes hours.")),
    in_decades(whole_number("test", "Test examples", "examples", {100, 10000, 2000},
                            "Examples that the errors are measured on.")),
    in_decades(
        real_number("sigma", "Kernel width σ", "", {0.5, 50, 5},
                    "Directions v are drawn with standard deviation 1/σ: the width of the RBF kernel that "
                    "many features become. Belkin et al. 2019 have 5 for MNIST.")),
    real_number("noise", "Label noise", "fraction", {0, 0.9, 0},
                "This share of the training examples has a wrong class: it lifts and widens the peak."),
    seed_of("Of examples, features and wrong labels.")};

const std::vector<StudySetting>& settings() {
  static const std::vector<StudySetting> kSettings{{"double-descent", "Belkin et al., a tenth", {}},
                                                   {"noisy", "20 % wrong labels", {{"noise", 0.2}}}};
  return kSettings;
}

/// The sweep in shares of n, dense around the threshold.
constexpr std::array kShares{0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 0.9,
                             1.0,  1.1,  1.2, 1.4, 1.7, 2.0, 2.5, 3.5,  5.0};

/// Every eighth, then those between, then those between: the picture fills everywhere at once.
std::vector<std::size_t> coarse_to_fine(std::size_t count) {
  std::vector<std::size_t> order;
  for (std::size_t step = 8; step > 0; step /= 2) {
    for (std::size_t i = 0; i < count; i += step) {
      if (step == 8 || i % (2 * step) != 0) order.push_back(i);
    }
  }
  return order;
}

Result<Classification> problem_of(const StudyValues& values, const StudyInputs& inputs) {
  const auto train = static_cast<std::int64_t>(values[kExamples]),
             test = static_cast<std::int64_t>(values[kTest]);
  const auto seed = static_cast<std::uint64_t>(values[kSeed]);
  const auto data = static_cast<int>(values[kData]);
  if (data == kMnist && inputs.images == nullptr)
    return failure(inputs.images_error.empty() ? "MNIST was not read; set data=mixture"
                                               : inputs.images_error);
  Result<Classification> problem = data == kMixture || inputs.images == nullptr
                                       ? Result<Classification>(gaussian_mixture(train, test, seed))
                                       : classification_of(*inputs.images, train, test, seed);
  if (problem) add_label_noise(*problem, values[kNoise], seed);
  return problem;
}

StudySeries series_of(const std::vector<FeatureFit>& fits, std::string name, StudyLook look,
                      double FeatureFit::*of) {
  StudySeries series{std::move(name), look, {}};
  for (const FeatureFit& fit : fits) series.points.push_back({static_cast<double>(fit.features), fit.*of});
  return series;
}

/// `fits` ascending.
StudyResult result_of(const std::vector<FeatureFit>& fits, const Classification& problem, double noise) {
  const StudyAxis features{.label = "random features N", .log = true, .whole = true};
  StudyResult result;
  result.plots = {{"error",
                   "Error of " + problem.name,
                   features,
                   {.label = "error", .percent = true},
                   {series_of(fits, "train", StudyLook::train, &FeatureFit::train_error),
                    series_of(fits, "test", StudyLook::test, &FeatureFit::test_error)}},
                  {"mse",
                   "Squared error on test examples",
                   features,
                   {.label = "mean squared error", .log = true},
                   {series_of(fits, "test", StudyLook::test, &FeatureFit::test_mse)}},
                  {"norm",
                   "Norm of the coefficients",
                   features,
                   {.label = "‖W‖", .log = true},
                   {series_of(fits, "norm", StudyLook::formula, &FeatureFit::norm)}}};
  const std::int64_t n = problem.train_size();
  result.marks.push_back({static_cast<double>(n), "interpolation threshold N = n = " + grouped(n)});
  const std::vector<StudyPoint>& error = result.plots.front().series.back().points;
  const DescentShape shape = descent_by_ratio(heights_of(error), 1.05);
  const double peak = error.empty() ? 0.0 : error[shape.peak].x;
  const bool at_n = peak == static_cast<double>(n);
  const DescentWords words{.what = noise > 0.0 ? "Test error on " + problem.name + " with wrong labels"
                                               : "Test error on " + problem.name,
                           .at = "N = ",
                           .threshold = at_n ? " = n" : "",
                           .ends_lower = "more features than examples are better than any fewer",
                           .ends_higher = "the best number of features is below the number of examples",
                           .percent = true};
  result.caption = sentence_of(words, error, shape);
  result.numbers = numbers_of(error, shape);
  return result;
}

Status compute(const StudyValues& values, const StudyInputs& inputs, const StudySink& sink) {
  Result<Classification> problem = problem_of(values, inputs);
  if (!problem) return problem.error();
  const Classification named{.name = problem->name, .train_class = problem->train_class};
  RandomFeatures features(std::move(*problem), values[kWidth], static_cast<std::uint64_t>(values[kSeed]));
  std::vector<FeatureFit> fits;
  for (const std::size_t place : coarse_to_fine(kShares.size())) {
    const auto count = static_cast<std::int64_t>(std::llround(kShares[place] * values[kExamples]));
    const FeatureFit fit = features.fit(std::max<std::int64_t>(1, count));
    fits.insert(std::lower_bound(fits.begin(), fits.end(), fit,
                                 [](const auto& a, const auto& b) { return a.features < b.features; }),
                fit);
    StudyResult result = result_of(fits, named, values[kNoise]);
    result.complete = fits.size() == kShares.size();
    if (!sink(result)) return {};
  }
  return {};
}

}  // namespace

Study random_features_study() {
  return {
      .name = "random_features",
      .title = "Random Fourier features",
      .source = "Belkin et al. 2019, Reconciling modern machine learning practice, section 3 and figure 2",
      .help =
          "N random cosines of the input, fitted to one-hot classes by the shortest least-squares "
          "solution. Look for the peak of the test error exactly where N reaches n, and for the second "
          "descent behind it.",
      .formulas =
          "φ_k(x) = √(2/N) cos(v_k·x + b_k), v_k ~ N(0, σ⁻² I), b_k ~ U[0, 2π): the real form of the paper's "
          "exp(i v_k·x), with its threshold exactly at N = n. W = Φ⁺ Y with one-hot rows in Y; squared "
          "singular values of at most 1e-10 of the largest count as zero. The features of a smaller N are "
          "the "
          "first of those of a larger one. The paper has 10 000 examples, here there are 1 000. Without "
          "MNIST: ten "
          "classes of three Gaussian clouds each in 20 dimensions.",
      .parameters = kParameters,
      .settings = settings(),
      .reads_images = true,
      .compute = compute};
}

}  // namespace grokscope::theory
