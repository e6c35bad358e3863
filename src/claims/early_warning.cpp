// entropy-warns and commutator-warns: two measures that move before test accuracy does, with the runs in
// which they do so for nothing.
#include <algorithm>
#include <cmath>

#include "base/statistics.h"
#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"
#include "history/forecast.h"

namespace grokscope {
namespace {

// ----------------------------------------------------------------------------------------- entropy-warns

constexpr std::int64_t kEntropySeeds = 10;

std::vector<PlannedRun> entropy_runs(ClaimSize size) {
  const bool quick = size == ClaimSize::quick;
  RunConfig config = preset_config("nanda-2023");
  config.task.modulus = 97;
  config.task.train_fraction = quick ? 0.5 : 0.3;
  config.train.steps = quick ? 4000 : 20'000;
  std::vector<RunConfig> configs = with_seeds(config, kEntropySeeds);
  configs.push_back(preset_config("entropy-counterexample"));
  std::vector<PlannedRun> runs;
  for (RunConfig& one : configs) {
    one.train.probe_every = quick ? 20 : 100;
    PlannedRun run = run_until_test(std::move(one), 0.99);
    run.probes = true;
    run.looks_with = {"entropy"};
    runs.push_back(std::move(run));
  }
  return runs;
}

/// The first look since memorising at which the entropy is below the published threshold; -1: none.
std::int64_t crossing_of(const History& history) {
  const Series* entropy = history.series("entropy.spectral");
  const std::int64_t memorised = history.first_steps().train_99;
  for (std::size_t i = 0; memorised >= 0 && entropy != nullptr && i < entropy->size(); ++i) {
    const Sample sample = entropy->at(i);
    if (sample.x >= static_cast<double>(memorised) && sample.y < kPublishedEntropy)
      return static_cast<std::int64_t>(sample.x);
  }
  return -1;
}

Judgement judge_entropy(std::span<const TrainedRun> trained, ClaimSize) {
  Judgement judgement;
  judgement.holds = true;
  std::vector<double> leads;
  std::vector<ClaimLine> lines;
  int grokked = 0, warned = 0;
  for (const TrainedRun& run : trained.first(trained.size() - 1)) {
    const std::int64_t came = run.history.first_steps().test_99, crossed = crossing_of(run.history);
    grokked += came >= 0 ? 1 : 0;
    warned += came >= 0 && crossed >= 0 && crossed < came ? 1 : 0;
    if (came >= 0 && crossed >= 0) leads.push_back(static_cast<double>(came - crossed));
    lines.push_back(line_of(run.history, "entropy.spectral", "", Role::series_1));
  }
  const History& counter = trained.back().history;
  lines.push_back(line_of(counter, "entropy.spectral", "counter-example", Role::series_2));
  const std::int64_t crossed = crossing_of(counter);
  judgement.measured = "below 0.609 before test accuracy 99 % in " + std::to_string(warned) + " of " +
                       std::to_string(grokked) + " runs that grokked, median lead " +
                       (leads.empty() ? "none" : grouped(std::llround(median_of(leads)))) +
                       " steps; the counter-example is below it since step " + step_text(crossed) +
                       ", its best test accuracy is " + percent(largest_of(counter, "test_accuracy"), 1);
  judgement.charts = {claim_chart("entropy", "Spectral entropy of the last features", log_axis("step"),
                                  Axis{.label = "entropy", .minimum = 0.0, .maximum = 1.0},
                                  std::move(lines))};
  require(judgement, grokked >= kEntropySeeds - 1, "too few of the runs grok");
  require(judgement, warned >= grokked - 1, "the threshold is crossed too late, or not at all");
  require(judgement, crossed >= 0 && largest_of(counter, "test_accuracy") < 0.1,
          "the counter-example is none: its entropy stays up, or it generalises");
  return judgement;
}

// -------------------------------------------------------------------------------------- commutator-warns

std::vector<PlannedRun> commutator_runs(ClaimSize size) {
  const bool quick = size == ClaimSize::quick;
  RunConfig config = preset_config("nanda-2023");
  config.task.modulus = quick ? 67 : 97;
  config.task.train_fraction = 0.5;
  config.model.depth = quick ? 1 : 2;
  config.model.width = 128;
  config.model.mlp_width = 256;
  config.model.activation = "gelu";
  config.model.normalisation = "pre";
  config.init.kind = "default";
  config.optimizer.gradient_clip = 1.0;
  config.train.batch_size = 512;
  config.train.steps = quick ? 3000 : 10'000;
  config.train.eval_every = 50;
  config.train.probe_every = 100;
  std::vector<PlannedRun> runs;
  for (const double decay : {1.0, 0.0}) {
    for (RunConfig& one : with_seeds(config, quick ? 1 : 3)) {
      one.optimizer.weight_decay = decay;
      PlannedRun run = whole_run(std::move(one));
      run.probes = true;
      run.looks_with = {"commutator"};
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

Judgement judge_commutator(std::span<const TrainedRun> trained, ClaimSize) {
  Judgement judgement;
  judgement.holds = true;
  std::vector<std::string> texts;
  double least_of_grokking = std::numeric_limits<double>::infinity(), most_of_others = 0.0;
  bool all_lead = true, as_meant = true;
  std::vector<ClaimLine> lines;
  for (const TrainedRun& run : trained) {
    const History& history = run.history;
    const double times = largest_of(history, "commutator.defect") / defect_baseline(history);
    const std::int64_t came = history.first_steps().test_90;
    const std::int64_t onset = defect_onset(history, history.last()->step);
    const bool decays = run.run.config.optimizer.weight_decay > 0.0;
    as_meant = as_meant && decays == (came >= 0);
    if (decays) {
      least_of_grokking = std::min(least_of_grokking, times);
      all_lead = all_lead && onset >= 0 && onset < came;
    } else {
      most_of_others = std::max(most_of_others, times);
    }
    texts.push_back(std::string(decays ? "weight decay 1" : "none") + ": up to " + pretty(times, 3) +
                    " times its first values, onset at " + step_text(onset) + ", test 90 % at " +
                    step_text(came));
    lines.push_back(line_of(history, "commutator.defect", decays ? "grokking" : "no decay",
                            decays ? Role::series_1 : Role::series_2));
  }
  judgement.measured = joined(texts, "; ");
  judgement.charts = {
      accuracy_chart("accuracy", "Accuracy", trained.front().history),
      claim_chart("defect", "Commutator defect", log_axis("step"), log_axis("defect"), std::move(lines))};
  require(judgement, as_meant, "not every run with weight decay generalises, or one without does");
  require(judgement, all_lead, "the onset does not come before test accuracy 90 %");
  require(judgement, least_of_grokking > 2.0 * most_of_others,
          "the defect of runs that grok does not rise more than twice as far as that of the others");
  return judgement;
}

}  // namespace

Claim entropy_warns() {
  return {
      .name = "entropy-warns",
      .paper = "Truong et al. 2026",
      .figure = "spectral entropy, ten seeds; the MLP as negative control",
      .statement =
          "The spectral entropy of the last features falls below a fixed threshold before a "
          "one-layer transformer groks; that is necessary, not sufficient",
      .published =
          "mod 97: below 0.609 before test accuracy 99 % in 10 of 10 runs, 1 020 steps (890 to 1 140) "
          "ahead; an MLP falls to .15 and never groks",
      .expected =
          "of ten seeds nine grok at least, and all but one of these cross 0.609 before test accuracy "
          "99 %; the preset entropy-counterexample crosses it, too, and stays below 10 %",
      .why =
          "The published threshold is taken as it is, for the same task and width; the lead is printed and "
          "not judged, for it depends on the learning rate and the share of the pairs",
      .quick =
          "50 % of the pairs and 4 000 steps instead of 30 % and 20 000; two-layer settings of the paper "
          "are not known to us in full",
      .changed = "",
      .preset = "entropy-counterexample",
      .data = "",
      .runs = entropy_runs,
      .judge = judge_entropy};
}

Claim commutator_warns() {
  return {.name = "commutator-warns",
          .paper = "Xu 2026",
          .figure = "commutator defect (arXiv 2602.16746)",
          .statement =
              "The defect of two mini-batches rises before a transformer groks, and far less in runs that "
              "never do",
          .published =
              "p = 97, two layers, weight decay 1: 513 to 2 000 times its baseline in all runs that grok, "
              "at most 47 times in those that do not; onset 600 to 1 600 steps ahead in 12 of 12",
          .expected =
              "runs with weight decay 1 generalise, those without do not; the onset (ten times the median "
              "of the first three, and above 20) comes before test accuracy 90 % in every run that "
              "generalises; their defect reaches more than twice as many times its baseline",
          .why =
              "The published factors are ten and more apart; twice is what a single seed at another size can "
              "be asked for",
          .quick =
              "p = 67, one layer, 3 000 steps and one seed of each instead of p = 97, two layers, 10 000 and "
              "three",
          .changed = "",
          .preset = "nanda-2023",
          .data = "",
          .runs = commutator_runs,
          .judge = judge_commutator};
}

}  // namespace grokscope
