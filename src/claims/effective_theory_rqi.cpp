// effective-theory-rqi: the toy adder of Liu et al. 2022 generalises when its embeddings form a line.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"

namespace grokscope {
namespace {

constexpr const char* kRqi = "representation.rqi";
constexpr double kStructured = 0.95, kGeneral = 0.9, kCorrelation = 0.7;
constexpr std::int64_t kSeeds = 8;
constexpr std::size_t kGeneraliseAtLeast = 3;

std::vector<std::int64_t> train_sizes(ClaimSize size) {
  if (size == ClaimSize::quick) return {25, 35, 45};
  return {20, 25, 30, 35, 40, 45, 50};
}

std::vector<PlannedRun> runs(ClaimSize size) {
  std::vector<PlannedRun> runs;
  for (const std::int64_t pairs : train_sizes(size)) {
    for (std::int64_t seed = 0; seed < kSeeds; ++seed) {
      RunConfig config = adder_config(pairs, 1e-4, 0.0);
      config.train.steps = size == ClaimSize::quick ? 5000 : 10'000;
      config.train.eval_every = 20;
      config.train.probe_every = 20;
      config.seed = seed;
      PlannedRun run = whole_run(std::move(config));
      run.probes = true;
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

/// Pearson's correlation; NaN when one of the two does not vary.
double correlation_of(const std::vector<Sample>& points) {
  double mean_x = 0.0, mean_y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0;
  for (const Sample& point : points) {
    mean_x += point.x / static_cast<double>(points.size());
    mean_y += point.y / static_cast<double>(points.size());
  }
  for (const Sample& point : points) {
    xx += (point.x - mean_x) * (point.x - mean_x);
    yy += (point.y - mean_y) * (point.y - mean_y);
    xy += (point.x - mean_x) * (point.y - mean_y);
  }
  return xy / std::sqrt(xx * yy);
}

Judgement judge(std::span<const TrainedRun> trained, ClaimSize) {
  std::vector<Sample> points;
  std::size_t generalised = 0, structured_first = 0;
  const TrainedRun* shown = &trained.back();
  for (const TrainedRun& one : trained) {
    points.push_back({last_of(one.history, kRqi), last_of(one.history, "test_accuracy")});
    const std::int64_t general = first_at_least(one.history, "test_accuracy", kGeneral);
    const std::int64_t structured = first_at_least(one.history, kRqi, kStructured);
    if (general < 0) continue;
    ++generalised;
    structured_first += structured >= 0 && structured <= general ? 1 : 0;
    shown = &one;
  }
  const double correlation = correlation_of(points);
  Judgement judgement;
  judgement.holds = true;
  judgement.measured = "correlation of final RQI and test accuracy over " + std::to_string(trained.size()) +
                       " runs: " + pretty(correlation, 2) + "; " + std::to_string(generalised) +
                       " runs generalise, in " + std::to_string(structured_first) +
                       " RQI reaches 0.95 no later than test accuracy 90 %";
  require(judgement, generalised >= kGeneraliseAtLeast, "fewer than three runs generalise");
  require(judgement, correlation >= kCorrelation,
          "test accuracy does not follow the quality of the representation");
  require(judgement, 3 * structured_first >= 2 * generalised,
          "runs generalise before their embeddings are a line of equal steps");
  PointsMark dots;
  dots.points = points;
  dots.hue.assign(points.size(), std::nanf(""));
  Chart scatter = claim_chart("rqi", "Final test accuracy against RQI", percent_axis("RQI"),
                              percent_axis("test accuracy"), {{"", points, Role::series_1}});
  scatter.plots.front().marks = {std::move(dots)};
  judgement.charts = {std::move(scatter),
                      claim_chart("time", "A run that generalises", log_axis("step"), percent_axis(""),
                                  {line_of(shown->history, "train_accuracy", "train", Role::train),
                                   line_of(shown->history, "test_accuracy", "test", Role::test),
                                   line_of(shown->history, kRqi, "RQI", Role::series_3)})};
  return judgement;
}

}  // namespace

Claim effective_theory_rqi() {
  return {
      .name = "effective-theory-rqi",
      .paper = "Liu et al. 2022, effective theory",
      .figure = "Figures 3 and 4",
      .statement =
          "The toy adder generalises when its embeddings form a line of equal steps: the quality of the "
          "representation (RQI) tells the test accuracy",
      .published =
          "default run (45 of 55 pairs): RQI 0.95 at step 800, train accuracy 90 % at 1 130, test 90 % at 1 "
          "530; "
          "runs that generalise end with RQI near 1",
      .expected =
          "correlation of final RQI and test accuracy over training sizes and eight seeds >= 0.7; at least "
          "three runs "
          "reach test 90 %, and in two thirds of these RQI reaches 0.95 no later",
      .why =
          "0.7 is half of the variance explained; two thirds allow for single test sets of 10 pairs, of "
          "which one is "
          "10 %",
      .quick = "three training sizes and 5 000 steps instead of seven and 10 000",
      .changed = "Three seeds, of which one run in nine generalised, then eight",
      .preset = "effective-theory-adder",
      .data = "",
      .runs = runs,
      .judge = judge,
  };
}

}  // namespace grokscope
