// The claims about one training of Nakkiran et al. 2019 (deep double descent), on its one-dimensional
// analogue: dd-epochwise, and what representation and readout do at the peak.
#include <algorithm>
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

constexpr std::int64_t kSeedsOfACurve = 3;
constexpr std::size_t kSmoothReach = 3;  // evaluations on either side

std::vector<Sample> error_of(const History& history, std::string_view series,
                             std::size_t reach = kSmoothReach) {
  return smoothed(errors_of(history.series(series)), reach);
}

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
    texts.push_back(minima_and_peak(bump));
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
      .paper = "Nakkiran et al. 2019",
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
