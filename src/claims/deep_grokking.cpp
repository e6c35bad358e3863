// The claims of Fan, Pascanu and Jaggi 2024, "Deep Grokking", that are about deep MLPs on MNIST: the rank of
// the features falls with the rise of test accuracy, depth delays it, it may come in two stages, and linear
// probes of all layers rise with it.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"

namespace grokscope {
namespace {

constexpr double kMuch = 0.25;  // of the rank's range, and of the rise of test accuracy

RunConfig deep_config(ClaimSize size, std::int64_t hidden) {
  RunConfig config = preset_config(size == ClaimSize::quick ? "deep-grokking-quick" : "deep-grokking-mlp12");
  config.model.depth = hidden;
  return config;
}

PlannedRun looked_at(RunConfig config, std::int64_t every) {
  config.train.probe_every = every;
  PlannedRun run = whole_run(std::move(config));
  run.probes = true;
  run.looks_with = {"layers"};
  return run;
}

std::string last_hidden(const History& history) {
  return "layers.hidden." + std::to_string(history.config().model.depth);
}

/// The step of the middle of the largest rise or fall: the first at which the series has passed half way
/// between its extremes, after the first of them.
std::int64_t middle_of_change(const History& history, std::string_view name, bool rises) {
  const double low = smallest_of(history, name), high = largest_of(history, name);
  const double middle = (low + high) / 2.0;
  const Series* series = history.series(name);
  bool armed = false;
  for (std::size_t i = 0; series != nullptr && i < series->size(); ++i) {
    const double value = series->at(i).y;
    const bool before = rises ? value < middle : value > middle;
    if (armed && !before) return static_cast<std::int64_t>(series->at(i).x);
    armed = armed || before;
  }
  return -1;
}

double norm_change(const History& history, std::int64_t from, std::int64_t to) {
  return value_at(history, "weight_norm", from) - value_at(history, "weight_norm", to);
}

std::vector<Chart> rank_charts(const History& history) {
  return {accuracy_chart("accuracy", "Accuracy", history),
          claim_chart("rank", "Feature rank of the last hidden layer", log_axis("step"),
                      Axis{.label = "directions"},
                      {line_of(history, last_hidden(history) + ".rank", "rank", Role::series_1)}),
          claim_chart("norm", "Weight norm", log_axis("step"), Axis{.label = "‖θ‖"},
                      {line_of(history, "weight_norm", "‖θ‖", Role::norm)})};
}

// ------------------------------------------------------------------------------------ deep-rank-descent

std::vector<PlannedRun> descent_runs(ClaimSize size) {
  const bool quick = size == ClaimSize::quick;
  return {looked_at(quick ? deep_config(size, preset_config("deep-grokking-quick").model.depth)
                          : preset_config("deep-grokking-mlp4"),
                    quick ? 500 : 3335)};
}

Judgement judge_descent(std::span<const TrainedRun> trained, ClaimSize) {
  const History& history = trained.front().history;
  const std::string rank = last_hidden(history) + ".rank";
  const std::int64_t rises = middle_of_change(history, "test_accuracy", true);
  const std::int64_t falls = middle_of_change(history, rank, false);
  const double before = value_at(history, rank, std::max<std::int64_t>(rises / 2, 0)),
               after = last_of(history, rank);
  const double fall = 1.0 - after / before;
  const double apart = static_cast<double>(falls) / static_cast<double>(std::max<std::int64_t>(rises, 1));
  const double norm_here = norm_change(history, rises / 2, rises) /
                           static_cast<double>(std::max<std::int64_t>(rises - rises / 2, 1));
  const double norm_later =
      norm_change(history, rises, 2 * rises) / static_cast<double>(std::max<std::int64_t>(rises, 1));
  Judgement judgement;
  judgement.holds = true;
  judgement.charts = rank_charts(history);
  judgement.measured = "test accuracy half way up at " + step_text(rises) + ", rank half way down at " +
                       step_text(falls) + " (" + ratio_text(apart) + " times as many steps), from " +
                       pretty(before, 3) + " to " + pretty(after, 3) + "; the weight norm falls by " +
                       pretty(1000.0 * norm_here, 2) + " in 1 000 steps before the rise and by " +
                       pretty(1000.0 * norm_later, 2) + " after it";
  require(judgement, history.first_steps().train_99 >= 0 && rises > 2 * history.first_steps().train_99,
          "test accuracy does not rise long after the training images are known: no grokking");
  require(judgement, fall >= 0.5, "the rank does not fall by half");
  require(judgement, apart >= 0.5 && apart <= 4.0, "the fall of the rank does not come with the rise");
  require(judgement, norm_later > 0.0 && norm_here / norm_later >= 0.5 && norm_here / norm_later <= 2.0,
          "the weight norm does not go on falling at the same pace");
  return judgement;
}

// ------------------------------------------------------------------------------------ deep-depth-delays

std::vector<PlannedRun> depth_runs(ClaimSize size) {
  std::vector<PlannedRun> runs;
  for (const std::int64_t hidden :
       size == ClaimSize::quick ? std::vector<std::int64_t>{2, 3, 5} : std::vector<std::int64_t>{3, 7, 11}) {
    RunConfig config = deep_config(size, hidden);
    if (size == ClaimSize::full) config.task.train_size = 5000;
    runs.push_back(whole_run(std::move(config)));
  }
  return runs;
}

Judgement judge_depth(std::span<const TrainedRun> trained, ClaimSize) {
  Judgement judgement;
  judgement.holds = true;
  std::vector<std::string> texts;
  std::int64_t train_before = 0, test_before = 0;
  bool later = true;
  for (const TrainedRun& run : trained) {
    const std::int64_t train = run.history.first_steps().train_99;
    const std::int64_t test = first_at_least(run.history, "test_accuracy", 0.6);
    texts.push_back(std::to_string(run.run.config.model.depth + 1) + " layers: train 99 % at " +
                    step_text(train) + ", test 60 % at " + step_text(test));
    later = later && train > train_before && (test < 0 || test > test_before) && test_before >= 0;
    train_before = train;
    test_before = test;
    judgement.charts.push_back(accuracy_chart("depth-" + std::to_string(run.run.config.model.depth + 1),
                                              std::to_string(run.run.config.model.depth + 1) + " layers",
                                              run.history));
  }
  judgement.measured = joined(texts, "; ");
  require(judgement, later, "a deeper network does not come later in both");
  return judgement;
}

// ------------------------------------------------------------------------------------- deep-two-stage

std::vector<PlannedRun> stage_runs(ClaimSize size) {
  const bool quick = size == ClaimSize::quick;
  RunConfig config = quick ? preset_config("deep-grokking-quick") : preset_config("deep-grokking-mlp8");
  if (!quick) config.task.train_size = 7000;
  return {looked_at(std::move(config), quick ? 500 : 3335)};
}

Judgement judge_stages(std::span<const TrainedRun> trained, ClaimSize) {
  const History& history = trained.front().history;
  const auto count = [](std::span<const Stage> stages, bool rises) {
    return std::count_if(stages.begin(), stages.end(), [&](const Stage& one) { return one.rises == rises; });
  };
  const auto surges = count(history.accuracy_stages(), true);
  const auto falls = count(history.rank_stages(), false), rank_rises = count(history.rank_stages(), true);
  Judgement judgement;
  judgement.holds = true;
  judgement.charts = rank_charts(history);
  std::vector<std::string> texts;
  for (const Stage& stage : history.accuracy_stages())
    texts.push_back((stage.rises ? "rise to " : "fall to ") + percent(stage.to) + " from step " +
                    step_text(stage.begin_step));
  for (const Stage& stage : history.rank_stages())
    texts.push_back(std::string("rank ") + (stage.rises ? "rises to " : "falls to ") + pretty(stage.to, 3) +
                    " from step " + step_text(stage.begin_step));
  judgement.measured = texts.empty() ? "no stage of either" : joined(texts, "; ");
  require(judgement, surges >= 2, "test accuracy rises in fewer than two stages");
  require(judgement, falls >= 2 && rank_rises >= 1, "the rank does not fall, rise and fall again");
  return judgement;
}

// ------------------------------------------------------------------------------------ deep-probe-leads

Judgement judge_probes(std::span<const TrainedRun> trained, ClaimSize) {
  const History& history = trained.front().history;
  const double first = smallest_of(history, "test_accuracy"), last = largest_of(history, "test_accuracy");
  const std::int64_t begins = first_at_least(history, "test_accuracy", first + kMuch * (last - first));
  Judgement judgement;
  judgement.holds = true;
  std::vector<std::string> texts;
  std::vector<ClaimLine> lines{line_of(history, "test_accuracy", "network", Role::test)};
  int rising = 0;
  const auto depth = static_cast<int>(history.config().model.depth);
  for (int layer = 1; layer <= depth; ++layer) {
    const std::string name = "layers.hidden." + std::to_string(layer) + ".probe_test";
    const double before = value_at(history, name, begins), after = last_of(history, name);
    texts.push_back(percent(before) + " to " + percent(after));
    rising += after >= before + 0.02 ? 1 : 0;
    lines.push_back(line_of(history, name, "hidden " + std::to_string(layer),
                            claim_role(static_cast<std::size_t>(layer))));
  }
  judgement.measured = "probe accuracy on test images from the beginning of the rise (step " +
                       step_text(begins) + ") to the end, layer by layer: " + joined(texts);
  judgement.charts = {claim_chart("probes", "Linear probes of all layers", log_axis("step"),
                                  percent_axis("test accuracy"), std::move(lines))};
  require(judgement, rising == depth,
          std::to_string(depth - rising) + " of " + std::to_string(depth) +
              " layers do not gain two points while test accuracy rises");
  return judgement;
}

constexpr std::string_view kPaper = "Fan, Pascanu and Jaggi 2024, Deep Grokking";
constexpr std::string_view kQuick =
    "the preset deep-grokking-quick instead of four to twelve layers of 400 units in float64 for 100 000 "
    "steps";

}  // namespace

Claim deep_rank_descent() {
  return {
      .name = "deep-rank-descent",
      .paper = kPaper,
      .figure = "Figures 1 and 4",
      .statement =
          "When a deep MLP groks, the rank of its second-to-last layer's features falls with the "
          "rise of test accuracy; the weight norm shows no such mark",
      .published =
          "12 layers, 2 000 images, weight decay 0.01: grokking coincides with a descent of the "
          "feature rank, while the weight norm decays smoothly in every run",
      .expected =
          "test accuracy is half way up more than twice as late as 99 % of the training images; the "
          "rank of the last hidden layer falls by half at least, half way down between 0.5 and 4 "
          "times the steps of the rise; the weight norm falls in the time before the rise at 0.5 to "
          "2 times the pace after it",
      .why =
          "The paper gives curves and no numbers. A rank that fell by less than half, or a decade apart, "
          "would not be read as one event with the rise; a smoothly decaying norm keeps its pace within a "
          "factor of two over a doubling of the steps",
      .quick = kQuick,
      .changed = "",
      .preset = "deep-grokking-quick",
      .data = "mnist",
      .runs = descent_runs,
      .judge = judge_descent};
}

Claim deep_depth_delays() {
  return {
      .name = "deep-depth-delays",
      .paper = kPaper,
      .figure = "Figure 2",
      .statement = "The deeper the MLP, the later it learns its training images and the later it generalises",
      .published =
          "5 000 images, weight decay 0.01: the delay grows from 4 to 8 to 12 layers, and both train "
          "and test accuracy rise later",
      .expected =
          "of three depths, each deeper network reaches 99 % of the training images later than the "
          "one before, and 60 % of the test images later or not at all",
      .why = "The order is what the paper claims; it gives one seed and no numbers",
      .quick = "3, 4 and 6 layers of the preset deep-grokking-quick instead of 4, 8 and 12 of 400 units",
      .changed = "",
      .preset = "deep-grokking-quick",
      .data = "mnist",
      .runs = depth_runs,
      .judge = judge_depth};
}

Claim deep_two_stage() {
  return {.name = "deep-two-stage",
          .paper = kPaper,
          .figure = "Figures 3 and 4",
          .statement =
              "Test accuracy may surge twice, and the rank falls, rises at the first surge and falls "
              "again at the second",
          .published =
              "7 000 images, weight decay 0.01, 8 and 12 layers: two-stage generalisation with a double "
              "descent of the feature rank",
          .expected =
              "at least two rises of test accuracy by 10 points each with a plateau between them, and a "
              "fall, a rise and a fall of the rank by a tenth of the width each",
          .why = "Ten points and a tenth of the width are what the eye reads as a stage on the paper's axes",
          .quick = kQuick,
          .changed = "",
          .preset = "deep-grokking-quick",
          .data = "mnist",
          .runs = stage_runs,
          .judge = judge_stages};
}

Claim deep_probe_leads() {
  return {.name = "deep-probe-leads",
          .paper = kPaper,
          .figure = "Figure 5",
          .statement = "When test accuracy rises, the accuracy of linear probes rises in all layers",
          .published = "the rises of test accuracy always coincide with rises of linear probes in all layers",
          .expected =
              "from the first quarter of the rise of test accuracy to the end, a ridge probe of every "
              "hidden layer gains two points on test images at least",
          .why = "Two points are more than the sampling error of a thousand test images at 90 % (about one)",
          .quick = kQuick,
          .changed = "",
          .preset = "deep-grokking-quick",
          .data = "mnist",
          .runs = descent_runs,
          .judge = judge_probes};
}

}  // namespace grokscope
