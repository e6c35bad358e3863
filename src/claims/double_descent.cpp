// The claims of Nakkiran et al. 2019 (deep double descent) on its one-dimensional analogue: over steps,
// widths and numbers of examples, with less label noise, and stopped at the best moment.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/statistics.h"
#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"
#include "history/descent.h"

namespace grokscope {
namespace {

constexpr const char* kNakkiran = "Nakkiran et al. 2019";
constexpr std::int64_t kSeedsOfACurve = 3;
constexpr std::size_t kSmoothReach = 3;  // evaluations on either side

/// 1 − a series of accuracies, smoothed.
std::vector<Sample> error_of(const History& history, std::string_view series,
                             std::size_t reach = kSmoothReach) {
  std::vector<Sample> errors;
  const Series* accuracy = history.series(series);
  for (std::size_t i = 0; accuracy != nullptr && i < accuracy->size(); ++i)
    errors.push_back({accuracy->at(i).x, 1.0 - accuracy->at(i).y});
  return smoothed(errors, reach);
}

std::string bump_text(const std::optional<ErrorBump>& bump) {
  if (!bump) return "no rise of 2 points";
  return percent(bump->valley.y, 1) + ", " + percent(bump->peak.y, 1) + ", " + percent(bump->after.y, 1);
}

double last_error(const History& history, std::string_view series) {
  return 1.0 - last_of(history, series);
}
double final_test_error(const TrainedRun& run) {
  return last_error(run.history, "test_accuracy");
}
double final_train_error(const TrainedRun& run) {
  return last_error(run.history, "train_accuracy");
}
double best_test_error(const TrainedRun& run) {
  return 1.0 - largest_of(run.history, "test_accuracy");
}

using RunNumber = double (*)(const TrainedRun& run);

/// Medians over the seeds, over what `place` says of a run; `width`: of the runs of this one alone, 0: of
/// all.
std::vector<Sample> median_curve(std::span<const TrainedRun> trained, double (*place)(const RunConfig&),
                                 RunNumber of, std::int64_t width = 0) {
  std::map<double, std::vector<double>> values;
  for (const TrainedRun& run : trained) {
    if (width == 0 || run.run.config.model.width == width) values[place(run.run.config)].push_back(of(run));
  }
  std::vector<Sample> curve;
  curve.reserve(values.size());
  for (auto& [x, some] : values) curve.push_back({x, median_with(std::move(some), 1.0)});
  return curve;
}

double width_of(const RunConfig& config) {
  return static_cast<double>(config.model.width);
}
double examples_of(const RunConfig& config) {
  return static_cast<double>(config.task.train_size);
}

Axis width_axis() {
  return log_axis("width");
}

std::vector<PlannedRun> whole_plan(const std::string& name) {
  const SweepPlan plan = program_plan(name);
  std::vector<PlannedRun> runs;
  for (std::size_t run = 0; run < plan.runs(); ++run) runs.push_back(planned_run(plan, run));
  return runs;
}

// --------------------------------------------------------------------------------------------- dd-epochwise

std::vector<PlannedRun> epochwise_runs(ClaimSize) {
  std::vector<PlannedRun> runs;
  for (RunConfig& config : with_seeds(preset_config("double-descent-epochwise"), kSeedsOfACurve))
    runs.push_back(whole_run(std::move(config)));
  return runs;
}

Judgement judge_epochwise(std::span<const TrainedRun> trained, ClaimSize) {
  constexpr double kRiseAtLeast = 0.05;
  Judgement judgement;
  judgement.holds = true;
  std::vector<std::string> texts;
  std::vector<ClaimLine> lines;
  int right = 0;
  for (const TrainedRun& run : trained) {
    const std::vector<Sample> test = error_of(run.history, "test_accuracy");
    const auto bump = largest_bump(test);
    texts.push_back(bump_text(bump));
    right += bump && bump->rise() >= kRiseAtLeast && bump->after.y < bump->valley.y ? 1 : 0;
    lines.push_back({"seed " + std::to_string(run.run.config.seed), test, claim_role(lines.size())});
  }
  judgement.measured =
      "test error at the first minimum, the peak and the second minimum: " + joined(texts, "; ");
  judgement.charts = {claim_chart("epochwise", "Test error over training", log_axis("step"),
                                  percent_axis("test error"), std::move(lines)),
                      accuracy_chart("accuracy", "Accuracy, seed 0", trained.front().history)};
  require(judgement, right >= 2,
          "fewer than two of three seeds rise by five points and end below the first minimum");
  return judgement;
}

// ---------------------------------------------------------------------- dd-modelwise and dd-early-stopping

std::vector<PlannedRun> modelwise_runs(ClaimSize) {
  return whole_plan("double-descent-modelwise");
}

Judgement judge_modelwise(std::span<const TrainedRun> trained, ClaimSize) {
  constexpr double kRiseAtLeast = 0.03, kNearThreshold = 1.6;
  const std::vector<Sample> test = median_curve(trained, width_of, final_test_error),
                            train = median_curve(trained, width_of, final_train_error);
  const auto bump = largest_bump(test);
  const auto threshold = falls_to(train, kFitError, true);
  Judgement judgement;
  judgement.holds = true;
  judgement.measured = "median test error at the first minimum, the peak and the widest: " + bump_text(bump) +
                       (bump ? "; peak at width " + pretty(bump->peak.x, 3) : "") +
                       (threshold ? ", train error passes 10 % at width " + pretty(*threshold, 3) : "");
  judgement.charts = {claim_chart("modelwise", "Error against the width", width_axis(), percent_axis("error"),
                                  {{"train", train, Role::train}, {"test", test, Role::test}})};
  require(judgement, bump && bump->rise() >= kRiseAtLeast, "test error does not rise by three points");
  require(judgement, bump && bump->after.y < bump->valley.y,
          "the widest network is not better than the first minimum");
  const double apart =
      bump && threshold ? std::max(bump->peak.x / *threshold, *threshold / bump->peak.x) : 1e9;
  require(judgement, apart <= kNearThreshold, "the peak is not at the interpolation threshold");
  return judgement;
}

Judgement judge_early_stopping(std::span<const TrainedRun> trained, ClaimSize) {
  constexpr double kShareLeft = 1.0 / 3.0;
  const std::vector<Sample> test = median_curve(trained, width_of, final_test_error),
                            best = median_curve(trained, width_of, best_test_error);
  const double end_rise = largest_rise(test), best_rise = largest_rise(best);
  Judgement judgement;
  judgement.holds = true;
  judgement.measured = "largest rise over the widths: " + percent(end_rise, 1) + " at the end of training, " +
                       percent(best_rise, 1) + " when each is stopped at its best moment";
  judgement.charts = {claim_chart("early-stopping", "Test error against the width", width_axis(),
                                  percent_axis("test error"),
                                  {{"at the end", test, Role::test}, {"best moment", best, Role::series_3}})};
  require(judgement, end_rise >= kLeastDescent, "there is no peak to remove");
  require(judgement, best_rise <= kShareLeft * end_rise, "a third of the peak or more is left");
  return judgement;
}

// -------------------------------------------------------------------------------------------- dd-samplewise

std::vector<PlannedRun> samplewise_runs(ClaimSize) {
  return whole_plan("double-descent-samplewise");
}

Judgement judge_samplewise(std::span<const TrainedRun> trained, ClaimSize) {
  constexpr double kTimes = 4.0;
  Judgement judgement;
  judgement.holds = true;
  std::vector<ClaimLine> lines;
  std::vector<std::string> texts;
  std::vector<double> widths;
  for (const TrainedRun& run : trained) widths.push_back(width_of(run.run.config));
  std::sort(widths.begin(), widths.end());
  widths.erase(std::unique(widths.begin(), widths.end()), widths.end());
  bool unhelped = false;
  for (const double width : widths) {
    std::vector<Sample> curve = median_curve(trained, examples_of, final_test_error, std::llround(width));
    for (const Sample& few : curve)
      for (const Sample& many : curve) {
        if (many.x != kTimes * few.x || many.y < few.y) continue;
        unhelped = true;
        texts.push_back("width " + pretty(width, 3) + ": " + percent(few.y, 1) + " with " +
                        grouped(std::llround(few.x)) + " examples, " + percent(many.y, 1) + " with " +
                        grouped(std::llround(many.x)));
      }
    lines.push_back({"width " + pretty(width, 3), std::move(curve), claim_role(lines.size())});
  }
  judgement.measured = texts.empty() ? "four times the data help at every width" : joined(texts, "; ");
  judgement.charts = {claim_chart("samplewise", "Test error against the number of examples",
                                  log_axis("examples"), percent_axis("test error"), std::move(lines))};
  require(judgement, unhelped, "there is no width that four times the data do not help");
  return judgement;
}

// ------------------------------------------------------------------------------------------- dd-label-noise

constexpr double kNoises[] = {0.0, 0.1, 0.2};

/// The plan of widths at three levels of noise.
std::vector<PlannedRun> noise_runs(ClaimSize) {
  std::vector<PlannedRun> runs;
  for (const double noise : kNoises) {
    for (PlannedRun run : whole_plan("double-descent-modelwise")) {
      run.config.task.label_noise = noise;
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

Judgement judge_noise(std::span<const TrainedRun> trained, ClaimSize) {
  constexpr double kPlateau = 0.02;
  Judgement judgement;
  judgement.holds = true;
  std::vector<ClaimLine> lines;
  std::vector<std::string> texts;
  std::vector<double> rises, peaks, places;
  const std::size_t each = trained.size() / std::size(kNoises);
  for (std::size_t i = 0; i < std::size(kNoises); ++i) {
    const std::vector<Sample> test =
        median_curve(trained.subspan(i * each, each), width_of, final_test_error);
    const auto bump = largest_bump(test, 0.0);
    rises.push_back(bump ? bump->rise() : 0.0);
    peaks.push_back(bump ? bump->peak.y : 0.0);
    places.push_back(bump ? bump->peak.x : 0.0);
    texts.push_back(
        percent(kNoises[i]) + " noise: rise " + percent(rises.back(), 1) +
        (bump ? " to " + percent(peaks.back(), 1) + " at width " + pretty(places.back(), 3) : ""));
    lines.push_back({percent(kNoises[i]) + " noise", test, claim_role(i)});
  }
  judgement.measured = joined(texts, "; ");
  judgement.charts = {claim_chart("label-noise", "Test error against the width", width_axis(),
                                  percent_axis("test error"), std::move(lines))};
  require(judgement, rises[0] < kPlateau, "there is a peak without noise");
  require(judgement, rises[1] > rises[0] && rises[2] > rises[1] && peaks[2] > peaks[1],
          "more noise is no higher peak");
  require(judgement, places[2] >= places[1], "more noise moves the peak to smaller networks");
  return judgement;
}

// ------------------------------------------------------------------------------- two-speeds-double-descent

std::vector<PlannedRun> two_speeds_runs(ClaimSize) {
  std::vector<PlannedRun> runs = epochwise_runs(ClaimSize::quick);
  for (PlannedRun& run : runs) {
    run.config.train.probe_every = 32;
    run.probes = true;
    run.looks_with = {"layers"};
  }
  return runs;
}

Judgement judge_two_speeds(std::span<const TrainedRun> trained, ClaimSize) {
  constexpr double kDegrades = 0.02, kGap = 0.05;
  Judgement judgement;
  judgement.holds = true;
  std::vector<std::string> texts;
  int right = 0;
  for (const TrainedRun& run : trained) {
    const std::vector<Sample> network = error_of(run.history, "test_accuracy"),
                              features = error_of(run.history, "layers.best_probe_test", 1);
    const auto bump = largest_bump(network);
    if (!bump || features.empty()) {
      texts.emplace_back("no peak");
      continue;
    }
    double best_before = 1.0, at_peak = 1.0;
    for (const Sample& one : features) {
      if (one.x > bump->peak.x) break;
      best_before = std::min(best_before, one.y);
      at_peak = one.y;
    }
    const double degraded = at_peak - best_before, gap = bump->peak.y - at_peak;
    texts.push_back("at the peak the network errs on " + percent(bump->peak.y, 1) + ", its features on " +
                    percent(at_peak, 1) + " (before: " + percent(best_before, 1) + ")");
    right += degraded >= kDegrades && gap >= kGap ? 1 : 0;
  }
  judgement.measured = joined(texts, "; ");
  judgement.charts = {claim_chart(
      "two-speeds", "Error of the network and of its features, seed 0", log_axis("step"),
      percent_axis("test error"),
      {{"network", error_of(trained.front().history, "test_accuracy"), Role::test},
       {"features", error_of(trained.front().history, "layers.best_probe_test", 1), Role::series_3}})};
  require(judgement, right >= 2,
          "fewer than two of three seeds show both a worse representation and a readout gap at the peak");
  return judgement;
}

}  // namespace

Claim dd_epochwise() {
  return {
      .name = "dd-epochwise",
      .paper = kNakkiran,
      .figure = "Figure 9",
      .statement =
          "With label noise the test error of a network that is large enough falls, rises and falls again "
          "during training",
      .published =
          "ResNet18 on CIFAR-10 with 10 to 20 % noise: the test error at the end is below its first minimum",
      .expected =
          "in two of three seeds the test error (means of seven evaluations) rises by 5 points or more after "
          "a minimum and ends below that minimum",
      .why =
          "single evaluations of a network with BatchNorm at a large learning rate scatter by several "
          "points; means of seven do not",
      .quick =
          "the 1-D CNN with k = 16 on 2 000 examples of MNIST-1D with 20 % noise, 100 epochs; there is no "
          "larger form",
      .changed = "",
      .preset = "double-descent-epochwise",
      .data = "",
      .runs = epochwise_runs,
      .judge = judge_epochwise};
}

Claim dd_modelwise() {
  return {
      .name = "dd-modelwise",
      .paper = kNakkiran,
      .figure = "Figures 1 and 4",
      .statement =
          "Over the width of a network the test error peaks where it can just fit its training set, and "
          "falls beyond",
      .published = "ResNet18 of width k on CIFAR-10 with 15 % noise: a peak near k = 10 and a second fall",
      .expected =
          "the median test error over ten widths rises by 3 points or more to a peak, ends below its first "
          "minimum, and the peak lies within a factor of 1.6 of the width at which the train error passes 10 "
          "%",
      .why =
          "10 % is the paper's own ε; the widths lie a factor of 1.2 to 2 apart, so a factor of 1.6 is one "
          "of them",
      .quick =
          "the 1-D CNN on 2 000 examples of MNIST-1D with 20 % noise, ten widths, three seeds, 200 epochs; "
          "there is no larger form",
      .changed = "",
      .preset = "double-descent-modelwise",
      .data = "",
      .runs = modelwise_runs,
      .judge = judge_modelwise};
}

Claim dd_early_stopping() {
  return {
      .name = "dd-early-stopping",
      .paper = kNakkiran,
      .figure = "Section 5 and appendix",
      .statement = "Stopped at the best moment, no width has the peak",
      .published = "with optimal early stopping the test error falls with the width (with few exceptions)",
      .expected =
          "the largest rise of the median best test error over the widths is at most a third of that at the "
          "end of training",
      .why =
          "the best of a hundred evaluations scatters by a point or two between widths; a third of a peak of "
          "seven points is that",
      .quick = "the runs of dd-modelwise",
      .changed = "",
      .preset = "double-descent-modelwise",
      .data = "",
      .runs = modelwise_runs,
      .judge = judge_early_stopping};
}

Claim dd_samplewise() {
  return {.name = "dd-samplewise",
          .paper = kNakkiran,
          .figure = "Figure 11",
          .statement = "There are networks that four times as much training data do not help",
          .published =
              "5-layer CNN on CIFAR-10 with 20 % noise: a band of widths in which four times the samples do "
              "not improve the test error",
          .expected =
              "for at least one of four widths the median test error with four times as many examples is not "
              "lower",
          .why = "the published statement, word for word; medians over the seeds of the plan",
          .quick =
              "the 1-D CNN on MNIST-1D with 20 % noise, widths 2, 4, 6 and 12, 500 to 4 000 examples, two "
              "seeds, 3 130 steps; there is no larger form",
          .changed = "",
          .preset = "double-descent-samplewise",
          .data = "",
          .runs = samplewise_runs,
          .judge = judge_samplewise};
}

Claim dd_label_noise() {
  return {.name = "dd-label-noise",
          .paper = kNakkiran,
          .figure = "Figures 4 and 5",
          .statement =
              "Without label noise there is no peak or a plateau; more noise makes the peak higher and moves "
              "it to larger networks",
          .published = "CIFAR-10: a plateau at 0 % and sharp peaks at 10 to 20 %, which move to the right",
          .expected =
              "over ten widths (medians): without noise no rise of 2 points; the rise and the height of the "
              "peak grow from 0 to 10 to 20 %, and its width does not shrink",
          .why =
              "2 points are three standard errors of 3 000 test examples; one of the widths is as finely as "
              "a shift can be seen",
          .quick = "the runs of dd-modelwise at 0, 10 and 20 % noise",
          .changed = "",
          .preset = "double-descent-modelwise",
          .data = "",
          .runs = noise_runs,
          .judge = judge_noise};
}

Claim two_speeds_double_descent() {
  return {.name = "two-speeds-double-descent",
          .paper = "Two Speeds of Learning 2026",
          .figure = "statement of the abstract",
          .statement =
              "At the peak of an epoch-wise double descent the representation has become worse, and the "
              "readout is worse still than the representation allows",
          .published = "no numbers",
          .expected =
              "in two of three seeds, at the peak of the test error: the best linear read-out of any layer "
              "errs 2 points more than it did at its best before, and the network errs 5 points more than "
              "that read-out",
          .why =
              "2 points are three standard errors; 5 are clearly more than what a read-out that may choose "
              "its layer is ahead by chance",
          .quick = "the runs of dd-epochwise, looked at every second epoch; there is no larger form",
          .changed = "",
          .preset = "double-descent-epochwise",
          .data = "",
          .runs = two_speeds_runs,
          .judge = judge_two_speeds};
}

}  // namespace grokscope
