// The study two_scale: excess risk over the steps of gradient descent, split into the two kinds of features.
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "theory/study_list.h"
#include "theory/study_parameters.h"
#include "theory/study_words.h"
#include "theory/two_scale.h"

namespace grokscope::theory {
namespace {

enum Place {
  kExamples,
  kFast,
  kSlow,
  kFastScale,
  kSlowScale,
  kFastNorm,
  kSlowNorm,
  kNoise,
  kRate,
  kSteps,
  kSeed
};

constexpr std::array kParameters{
    in_decades(whole_number("n", "Training examples n", "examples", {20, 2000, 500},
                            "Fewer of them make the fast features overfit more.")),
    in_decades(
        whole_number("fast", "Fast features", "features", {1, 400, 200},
                     "Features of the large scale: learned first, and overfitted while nothing else moves.")),
    in_decades(whole_number("slow", "Slow features", "features", {1, 400, 50},
                            "Features of the small scale: what they bring comes late.")),
    in_decades(real_number("fast_scale", "Scale of the fast", "", {0.1, 3, 1},
                           "Standard deviation of a fast feature. It is learned at a rate of its square.")),
    in_decades(real_number("slow_scale", "Scale of the slow", "", {0.005, 3, 0.05},
                           "Standard deviation of a slow feature. Equal scales leave one descent.")),
    in_decades(real_number("fast_norm", "Norm of the fast θ", "", {0.1, 100, 2},
                           "How strongly the answer depends on the fast features.")),
    in_decades(real_number("slow_norm", "Norm of the slow θ", "", {0.1, 100, 30},
                           "The same of the slow ones; the answer sees it times their scale.")),
    real_number("sigma", "Noise σ", "", {0, 10, 1.5},
                "Standard deviation of the noise in the answers: what is overfitted."),
    in_decades(
        real_number("rate", "Learning rate η", "", {1e-4, 1, 0.1},
                    "Of gradient descent on all examples. Above 2/λ, the largest curvature, it diverges.")),
    in_decades(whole_number("steps", "Steps", "steps", {100, 1e8, 1e5},
                            "The last step drawn. Each is computed at once: none is made.")),
    seed_of("Of the drawn training set.")};

const std::vector<StudySetting>& settings() {
  static const std::vector<StudySetting> kSettings{
      {"double-descent", "Two descents", {}},
      {"one-scale", "One scale", {{"slow_scale", 1.0}, {"slow_norm", 1.5}}},
      {"no-noise", "Without noise", {{"sigma", 0.0}}}};
  return kSettings;
}

constexpr std::int64_t kPoints = 160;

TwoScaleProblem problem_of(const StudyValues& values) {
  return {static_cast<std::int64_t>(values[kExamples]),
          static_cast<std::int64_t>(values[kFast]),
          static_cast<std::int64_t>(values[kSlow]),
          values[kFastScale],
          values[kSlowScale],
          values[kFastNorm],
          values[kSlowNorm],
          values[kNoise]};
}

Status compute(const StudyValues& values, const StudyInputs&, const StudySink& sink) {
  const TwoScale model(problem_of(values), static_cast<std::uint64_t>(values[kSeed]));
  const double rate = values[kRate], fastest = 2.0 / model.largest_curvature();
  StudySeries total{"excess risk", StudyLook::test, {}}, fast{"fast features", StudyLook::part_1, {}},
      slow{"slow features", StudyLook::part_2, {}}, train{"training loss", StudyLook::train, {}};
  StudyResult result;
  result.complete = true;
  for (const std::int64_t step : spaced_in_decades(1, static_cast<std::int64_t>(values[kSteps]), kPoints)) {
    const auto k = static_cast<double>(step);
    const TwoScaleRisk risk = model.risk_after(k, rate);
    if (!std::isfinite(risk.total())) break;
    total.points.push_back({k, risk.total()});
    fast.points.push_back({k, risk.fast});
    slow.points.push_back({k, risk.slow});
    train.points.push_back({k, model.train_loss_after(k, rate)});
  }
  const DescentShape shape = descent_by_ratio(heights_of(total.points), 1.02);
  const DescentWords words{.what = "Excess risk",
                           .at = "step ",
                           .threshold = "",
                           .ends_lower = "stopping early would have missed the better half",
                           .ends_higher = "the first minimum was the place to stop"};
  result.caption = rate >= fastest
                       ? fmt::format("Gradient descent diverges: the learning rate {} lies above 2/λ = {}.",
                                     pretty(rate, 3), pretty(fastest, 3))
                       : sentence_of(words, total.points, shape);
  if (rate < fastest) result.numbers = numbers_of(total.points, shape);
  const StudyAxis steps{.label = "step", .log = true, .whole = true};
  result.plots.push_back({"risk",
                          "Excess risk of gradient descent on two scales",
                          steps,
                          {.label = "excess risk", .log = true},
                          {std::move(fast), std::move(slow), std::move(total)}});
  result.plots.push_back(
      {"loss", "Training loss", steps, {.label = "mean squared error", .log = true}, {std::move(train)}});
  sink(result);
  return {};
}

}  // namespace

Study two_scale_study() {
  return {
      .name = "two_scale",
      .title = "Two scales of features",
      .source =
          "Heckel and Yilmaz 2021, Early stopping in deep networks; Pezeshki et al. 2022, Multi-scale "
          "feature learning dynamics",
      .help =
          "Least squares by gradient descent where some features are large and others small. Look for the "
          "first minimum, where the fast ones are learned and not yet overfitted, and for the second "
          "descent, when the slow ones come.",
      .formulas =
          "y = x·θ + σ ε, x_j ~ N(0, s_j²) with s_j the fast or the slow scale; the loss |X w − y|²/(2n) is "
          "followed from w_0 = 0 in the eigenbasis X^T X/n = U diag(λ) U^T:\n\n"
          "    w_k = U diag((1 − (1 − η λ)^k) / λ) U^T X^T y / n\n\n"
          "and the excess risk Σ_j s_j² (w_kj − θ_j)² is the sum of a part for each kind of features.",
      .parameters = kParameters,
      .settings = settings(),
      .compute = compute};
}

}  // namespace grokscope::theory
