// The claims of "Two Speeds of Learning" (arXiv 2605.27078) and of Zheng et al. 2024: representation and
// readout move at different speeds, and what is inside moves before test accuracy does.
#include <algorithm>
#include <cmath>

#include "base/statistics.h"
#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"

namespace grokscope {
namespace {

constexpr std::int64_t kSeeds = 3;  // as published
constexpr double kOnset = 0.1;      // of test accuracy, where chance is 1 %

PlannedRun looked_at(RunConfig config, std::int64_t every, std::vector<std::string> probes) {
  config.train.probe_every = every;
  PlannedRun run = whole_run(std::move(config));
  run.probes = true;
  run.looks_with = std::move(probes);
  return run;
}

/// Modular addition; quick: the quickstart.
std::vector<PlannedRun> modular_runs(ClaimSize size, const std::vector<std::string>& probes) {
  const bool quick = size == ClaimSize::quick;
  RunConfig config = preset_config(quick ? "quickstart" : "two-speeds-modular");
  config.train.steps = quick ? 5000 : 20'000;
  std::vector<PlannedRun> runs;
  for (RunConfig& one : with_seeds(config, kSeeds)) {
    PlannedRun run = looked_at(std::move(one), quick ? 100 : 500, probes);
    run.until = text_of(Until{"test_accuracy", ">=", 0.999});
    runs.push_back(std::move(run));
  }
  return runs;
}

/// MNIST with a large initialisation.
RunConfig mnist_config(ClaimSize size) {
  RunConfig config = preset_config("two-speeds-mnist");
  if (size == ClaimSize::full) config = preset_config("omnigrok-mnist");
  return config;
}

std::int64_t onset_of(const History& history) {
  for (const Evaluation& at : history.evaluations()) {
    if (at.step > history.first_steps().train_99 && generalisation_of(at) >= kOnset) return at.step;
  }
  return -1;
}

// ------------------------------------------------------------------------------------- two-speeds-gradual

std::vector<PlannedRun> gradual_runs(ClaimSize size) {
  return modular_runs(size, {"geometry"});
}

/// The share of the fall of the critical dimension since memorising that had come by `step`.
double fallen_by(const History& history, std::int64_t step) {
  const char* const needed = "geometry.critical_dimension_test";
  const double first = value_at(history, needed, history.first_steps().train_99);
  const double last = last_of(history, needed);
  return (first - value_at(history, needed, step)) / (first - last);
}

Judgement judge_gradual(std::span<const TrainedRun> trained, ClaimSize) {
  Judgement judgement;
  judgement.holds = true;
  std::vector<std::string> texts;
  std::vector<double> shares;
  std::vector<ClaimLine> lines;
  for (const TrainedRun& run : trained) {
    const std::int64_t onset = onset_of(run.history);
    shares.push_back(onset < 0 ? std::nan("") : fallen_by(run.history, onset));
    texts.push_back(percent(shares.back()) + " by step " + step_text(onset));
    lines.push_back(line_of(run.history, "geometry.critical_dimension_test",
                            "seed " + std::to_string(run.run.config.seed), claim_role(lines.size())));
  }
  const double share = median_with(shares, 0.0);
  judgement.measured = "of the fall of the critical dimension since memorising: " + joined(texts) +
                       "; median " + percent(share);
  judgement.charts = {accuracy_chart("accuracy", "Accuracy", trained.front().history),
                      claim_chart("dimension", "Critical dimension on test examples", log_axis("step"),
                                  Axis{.label = "dimensions"}, std::move(lines))};
  require(judgement, share >= 0.2 && share <= 0.8, "the median share is not between 20 and 80 %");
  return judgement;
}

// ----------------------------------------------------------------------------------- two-speeds-train-bias

std::vector<PlannedRun> bias_runs(ClaimSize size) {
  return modular_runs(size, {"kernel"});
}

Judgement judge_bias(std::span<const TrainedRun> trained, ClaimSize) {
  Judgement judgement;
  judgement.holds = true;
  std::vector<std::string> texts;
  int biased = 0;
  for (const TrainedRun& run : trained) {
    const std::int64_t onset = onset_of(run.history);
    const double before = value_at(run.history, "kernel.readout_train_bias", onset);
    const double after = last_of(run.history, "kernel.readout_train_bias");
    texts.push_back(pretty(before, 2) + " at the onset (step " + step_text(onset) + "), " + pretty(after, 2) +
                    " at the end");
    biased += onset >= 0 && before > 0.05 && after < 0.5 * before ? 1 : 0;
  }
  judgement.measured =
      "alignment of the last layer with the labels, train minus test: " + joined(texts, "; ");
  judgement.charts = {
      accuracy_chart("accuracy", "Accuracy", trained.front().history),
      claim_chart(
          "alignment", "Last layer: alignment with the labels", log_axis("step"), Axis{.label = "alignment"},
          {line_of(trained.front().history, "kernel.last_layer_alignment_train", "train", Role::train),
           line_of(trained.front().history, "kernel.last_layer_alignment_test", "test", Role::test)})};
  require(judgement, biased >= 2, "fewer than two of three seeds are biased before the onset and not after");
  return judgement;
}

// --------------------------------------------------------------------------------- two-speeds-readout-gap

std::vector<PlannedRun> gap_runs(ClaimSize size) {
  return {looked_at(mnist_config(size), size == ClaimSize::quick ? 500 : 2500, {"layers"})};
}

Judgement judge_gap(std::span<const TrainedRun> trained, ClaimSize) {
  const History& history = trained.front().history;
  const std::int64_t memorised = history.first_steps().train_99;
  const double last = last_of(history, "test_accuracy");
  const std::int64_t rises = first_at_least(history, "test_accuracy", 0.5 * last);
  double gap = -1.0;
  std::int64_t at = -1;
  const Series* gaps = history.series("layers.readout_gap");
  for (std::size_t i = 0; gaps != nullptr && i < gaps->size(); ++i) {
    const Sample sample = gaps->at(i);
    if (sample.x < static_cast<double>(memorised) || sample.x > static_cast<double>(rises) ||
        !(sample.y > gap))
      continue;
    gap = sample.y;
    at = static_cast<std::int64_t>(sample.x);
  }
  const double after = last_of(history, "layers.readout_gap");
  Judgement judgement;
  judgement.holds = true;
  judgement.measured = "after memorising (step " + step_text(memorised) +
                       ") the best linear read-out is up to " + pretty(100.0 * gap, 3) +
                       " points above the network (step " + step_text(at) + "), at the end " +
                       pretty(100.0 * after, 3);
  judgement.charts = {claim_chart("gap", "Features and network on test images", log_axis("step"),
                                  percent_axis("test accuracy"),
                                  {line_of(history, "layers.best_probe_test", "features", Role::series_3),
                                   line_of(history, "test_accuracy", "network", Role::test)})};
  require(judgement, memorised >= 0 && rises > memorised, "test accuracy does not rise after memorising");
  require(judgement, gap >= 0.1, "the gap never reaches ten points before the rise");
  require(judgement, after < 0.5 * gap, "the gap does not close");
  return judgement;
}

// -------------------------------------------------------------------------------- two-speeds-degradation

std::vector<PlannedRun> degradation_runs(ClaimSize size) {
  return {looked_at(mnist_config(size), size == ClaimSize::quick ? 500 : 2500, {"geometry"})};
}

Judgement judge_degradation(std::span<const TrainedRun> trained, ClaimSize) {
  const History& history = trained.front().history;
  const char* const capacity = "geometry.mean_field_capacity_test";
  const double first = value_at(history, capacity, 0), last = last_of(history, capacity);
  const double least = smallest_of(history, capacity);
  const std::int64_t at = first_at_most(history, capacity, least);
  const std::int64_t rises =
      first_at_least(history, "test_accuracy", 0.5 * last_of(history, "test_accuracy"));
  Judgement judgement;
  judgement.holds = true;
  judgement.measured = "mean-field capacity of the last hidden layer: " + pretty(first, 3) +
                       " at the start, " + pretty(least, 3) + " at step " + step_text(at) + ", " +
                       pretty(last, 3) + " at the end; test accuracy half way up at step " + step_text(rises);
  judgement.charts = {
      accuracy_chart("accuracy", "Accuracy", history),
      claim_chart("capacity", "Manifold capacity on test images", log_axis("step"), Axis{.label = "capacity"},
                  {line_of(history, capacity, "capacity", Role::test)})};
  require(judgement, least <= 0.95 * first, "capacity does not dip");
  require(judgement, at < rises, "its dip does not come before the rise of test accuracy");
  require(judgement, last >= 1.5 * least, "it does not rise afterwards");
  return judgement;
}

// ------------------------------------------------------------------------------------ kernel-moves-early

std::vector<PlannedRun> kernel_runs(ClaimSize) {
  RunConfig config = preset_config("omnigrok-mnist");
  config.train.steps = 10'000;
  return {looked_at(std::move(config), 500, {"kernel"})};
}

Judgement judge_kernel(std::span<const TrainedRun> trained, ClaimSize) {
  const History& history = trained.front().history;
  const char* const distance = "kernel.distance_from_start_test";
  const double early = value_at(history, distance, 1000), late = value_at(history, distance, 10'000);
  const double known = value_at(history, "test_accuracy", 1000);
  Judgement judgement;
  judgement.holds = true;
  judgement.measured = "distance of the tangent kernel from the start on test images: " + pretty(early, 3) +
                       " at step 1 000, " + pretty(late, 3) + " at 10 000 (" + percent(early / late) +
                       " of it); test accuracy at step 1 000: " + percent(known);
  judgement.charts = {
      accuracy_chart("accuracy", "Accuracy", history),
      claim_chart("distance", "Kernel distance from the start", log_axis("step"), Axis{.label = "distance"},
                  {line_of(history, "kernel.distance_from_start_train", "train", Role::train),
                   line_of(history, distance, "test", Role::test)})};
  require(judgement, early >= 0.7 * late, "less than 70 % of the way was done at step 1 000");
  require(judgement, known <= 0.3, "test accuracy has risen by then");
  return judgement;
}

constexpr std::string_view kPaper = "Two Speeds of Learning 2026";
constexpr std::string_view kMnistQuick =
    "the preset two-speeds-mnist: weight decay 0.05 and 20 000 steps instead of 0.01 and 100 000";
constexpr std::string_view kModularQuick = "the preset quickstart instead of p = 113";

}  // namespace

Claim two_speeds_gradual() {
  return {.name = "two-speeds-gradual",
          .paper = kPaper,
          .figure = "critical dimension, modular addition",
          .statement =
              "Representation learning is gradual: much of the fall of the critical dimension comes "
              "before test accuracy rises",
          .published =
              "20 to 80 % of the fall of the critical dimension happens before the onset of grokking; "
              "three seeds",
          .expected =
              "median of three seeds: 20 to 80 % of the fall since memorising had come when test accuracy "
              "reached 10 % (test pairs without mirrors where those come free)",
          .why = "The published range; the onset is where test accuracy has clearly left chance (1 %)",
          .quick = kModularQuick,
          .changed = "",
          .preset = "two-speeds-modular",
          .data = "",
          .runs = gradual_runs,
          .judge = judge_gradual};
}

Claim two_speeds_readout_gap() {
  return {.name = "two-speeds-readout-gap",
          .paper = kPaper,
          .figure = "linear probes, MNIST",
          .statement =
              "The features know more than the network answers: a linear probe exceeds the network's own "
              "accuracy while generalisation is delayed",
          .published = "\"LP accuracy substantially exceeds model accuracy\"; no number is known to us",
          .expected =
              "between memorising and half of the rise of test accuracy the best ridge probe is ten points "
              "above the network at least once, and the gap at the end is less than half of the largest",
          .why =
              "Ten points are ten times the sampling error of a thousand test images. The probe chooses its "
              "layer on a fold of its own, and a critic of the paper finds gaps of up to 25 points by the "
              "choice of the regulariser alone, so a smaller gap would say little",
          .quick = kMnistQuick,
          .changed = "",
          .preset = "two-speeds-mnist",
          .data = "mnist",
          .runs = gap_runs,
          .judge = judge_gap};
}

Claim two_speeds_train_bias() {
  return {
      .name = "two-speeds-train-bias",
      .paper = kPaper,
      .figure = "kernel-label alignment, modular addition",
      .statement = "Before the onset the readout is biased towards the training set; afterwards it is not",
      .published = "the readout is train-biased before grokking onset; no number is known to us",
      .expected =
          "in two of three seeds the last layer's kernel-label alignment on training examples exceeds "
          "that on test examples by more than 0.05 at the onset (test accuracy 10 %), and by less "
          "than half as much at the end",
      .why = "0.05 is several times the spread between two looks at one network",
      .quick = kModularQuick,
      .changed = "",
      .preset = "two-speeds-modular",
      .data = "",
      .runs = bias_runs,
      .judge = judge_bias};
}

Claim two_speeds_degradation() {
  return {
      .name = "two-speeds-degradation",
      .paper = "Two Speeds of Learning 2026; Zheng et al. 2024",
      .figure = "manifold capacity, MNIST with a large initialisation",
      .statement = "With a large initialisation the representation of MNIST gets worse before it gets better",
      .published =
          "capacity of the last hidden layer .058 at step 1, .047 at 5 000, .056 at 20 000, .098 at "
          "60 000, .266 at 100 000; test accuracy .15, .17, .45, .87, .89 (the number of removed "
          "centre components changed along their curve; here it is fixed)",
      .expected =
          "mean-field capacity on test images dips by 5 % at least below its first value before test "
          "accuracy is half way up, and ends at 1.5 times its minimum or more",
      .why =
          "The published dip is 19 % and the published rise more than fourfold; 5 % is beyond what another "
          "draw of directions changes",
      .quick = kMnistQuick,
      .changed = "",
      .preset = "two-speeds-mnist",
      .data = "mnist",
      .runs = degradation_runs,
      .judge = judge_degradation};
}

Claim kernel_moves_early() {
  return {.name = "kernel-moves-early",
          .paper = "Zheng et al. 2024",
          .figure = "kernel distance, MNIST with a large initialisation",
          .statement = "The tangent kernel moves long before test accuracy does",
          .published =
              "94 % (on test images 91 %) of the kernel distance of step 10 000 is there at step 1 000, "
              "where test accuracy is .15",
          .expected =
              "at least 70 % of the distance of step 10 000 from the run's own initialisation is there at "
              "step 1 000, with test accuracy at most 30 %",
          .why =
              "They measured from another random network, not from the run's own start, so the share itself "
              "cannot be compared; 70 % still says that most of the way is done in the first tenth",
          .quick = "nothing: 10 000 steps are the claim",
          .changed = "",
          .preset = "omnigrok-mnist",
          .data = "mnist",
          .runs = kernel_runs,
          .judge = judge_kernel};
}

}  // namespace grokscope
