// The claims about networks of many widths of Nakkiran et al. 2019 (deep double descent), on its
// one-dimensional analogue: the peak, what early stopping and label noise do to it, and what more examples
// do.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"
#include "history/descent.h"

namespace grokscope {
namespace {

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

std::vector<PlannedRun> modelwise_runs(ClaimSize) {
  return runs_of(program_plan("double-descent-modelwise"));
}

Judgement judge_modelwise(std::span<const TrainedRun> trained, ClaimSize) {
  constexpr double kRiseAtLeast = 0.03, kNearThreshold = 1.6;
  const std::vector<Sample> test = median_curve(trained, width_of, final_test_error),
                            train = median_curve(trained, width_of, final_train_error);
  const auto bump = largest_bump(test);
  const auto threshold = falls_to(train, kFitError, true);
  Judgement judgement;
  judgement.holds = true;
  judgement.measured =
      "median test error at the first minimum, the peak and the widest: " + minima_and_peak(bump) +
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

std::vector<PlannedRun> samplewise_runs(ClaimSize) {
  return runs_of(program_plan("double-descent-samplewise"));
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

constexpr double kNoises[] = {0.0, 0.1, 0.2};

/// The plan of widths at three levels of noise.
std::vector<PlannedRun> noise_runs(ClaimSize) {
  std::vector<PlannedRun> runs;
  for (const double noise : kNoises) {
    for (PlannedRun run : runs_of(program_plan("double-descent-modelwise"))) {
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

}  // namespace

Claim dd_modelwise() {
  return {
      .name = "dd-modelwise",
      .paper = "Nakkiran et al. 2019",
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
      .paper = "Nakkiran et al. 2019",
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
          .paper = "Nakkiran et al. 2019",
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
          .paper = "Nakkiran et al. 2019",
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

}  // namespace grokscope
