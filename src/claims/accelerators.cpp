// prieto-orthograd and grokfast-filter: two ways to make grokking fast.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"

namespace grokscope {
namespace {

// --- orthogonal gradient
// -------------------------------------------------------------------------------------------

constexpr double kSoonAtMost = 2.0, kStillGuessing = 0.1;

/// One-hot 226-200-200-113 ReLU without biases, p = 113, 40 % of the pairs, full batch, rate 1e-2 (Figure
/// 1a).
RunConfig orthograd_config(bool orthogonal, std::int64_t seed) {
  RunConfig config;
  config.task.modulus = 113;
  config.task.train_fraction = 0.4;
  config.model.kind = "mlp";
  config.model.width = 200;
  config.model.depth = 2;
  config.model.input = "one_hot";
  config.model.bias = false;
  config.init.kind = "torch";
  config.optimizer.learning_rate = 1e-2;
  config.optimizer.weight_decay = 0.0;
  config.optimizer.beta2 = 0.999;
  config.optimizer.warmup_steps = 0;
  config.optimizer.orthogonal_gradient = orthogonal;
  config.train.steps = 300;
  config.train.eval_every = 10;
  config.seed = seed;
  return config;
}

std::vector<PlannedRun> orthograd_runs(ClaimSize) {
  std::vector<PlannedRun> runs;
  for (std::int64_t seed = 0; seed < kSeedsOfARatio; ++seed) {
    runs.push_back(whole_run(orthograd_config(true, seed)));
    runs.push_back(whole_run(orthograd_config(false, seed)));
  }
  return runs;
}

Judgement judge_orthograd(std::span<const TrainedRun> trained, ClaimSize) {
  Judgement judgement;
  judgement.holds = true;
  std::vector<std::string> texts;
  for (const TrainedRun& one : trained) {
    const FirstSteps& first = one.history.first_steps();
    const bool orthogonal = one.run.config.optimizer.orthogonal_gradient;
    const double last = last_of(one.history, "test_accuracy");
    const std::string which =
        (orthogonal ? "⊥AdamW, seed " : "AdamW, seed ") + std::to_string(one.run.config.seed);
    texts.push_back(which + ": train 99 % at " + step_text(first.train_99) + ", test 95 % at " +
                    step_text(first.test_95) + ", test accuracy at the end " + percent(last, 1));
    require(judgement, first.train_99 >= 0, which + ": does not memorise");
    if (orthogonal) {
      require(judgement, delay_of(one.history) <= kSoonAtMost,
              which + ": does not generalise soon after memorising");
    } else {
      require(judgement, last < kStillGuessing, which + ": generalises as well");
    }
  }
  judgement.measured = joined(texts, "; ");
  judgement.charts = {accuracy_chart("orthogonal", "⊥AdamW, no weight decay", trained[0].history),
                      accuracy_chart("plain", "AdamW, no weight decay", trained[1].history)};
  return judgement;
}

// --- Grokfast
// --------------------------------------------------------------------------------------------------------

constexpr double kSpeedUpAtLeast = 5.0;

/// x·y mod p, half of the pairs, Adam with rate 1e-3: the paper's decoder (its Figure 1), or the small
/// transformer.
RunConfig grokfast_config(ClaimSize size) {
  RunConfig config = size == ClaimSize::quick ? small_transformer() : preset_config("grokfast");
  config.task.operation = "*";
  config.task.train_fraction = 0.5;
  config.optimizer.kind = "adam";
  config.optimizer.learning_rate = 1e-3;
  config.optimizer.weight_decay = 0.0;
  config.optimizer.gradient_filter = "none";
  return config;
}

/// Baseline, exponential average, window; each with every seed.
std::vector<PlannedRun> grokfast_runs(ClaimSize size) {
  const bool quick = size == ClaimSize::quick;
  RunConfig baseline = grokfast_config(size), average = baseline, window = baseline;
  baseline.train.steps = quick ? 25'000 : 60'000;
  average.train.steps = window.train.steps = quick ? 5000 : 10'000;
  average.optimizer.gradient_filter = "grokfast_ema";
  average.optimizer.filter_memory = 0.98;
  average.optimizer.filter_strength = 2.0;
  average.optimizer.weight_decay = 0.005;
  window.optimizer.gradient_filter = "grokfast_ma";
  window.optimizer.filter_window = 100;
  window.optimizer.filter_strength = 5.0;
  window.optimizer.weight_decay = 0.01;
  std::vector<PlannedRun> runs;
  for (const RunConfig* config : {&baseline, &average, &window}) {
    for (RunConfig& one : with_seeds(*config, kSeedsOfARatio))
      runs.push_back(run_until_test(std::move(one), 0.95));
  }
  return runs;
}

/// Steps to test 95 %. A run that ends without would have needed longer than it had: `at_least` says so.
struct Reached {
  double steps = 0.0;
  bool at_least = false;
};

Reached reached_by(const TrainedRun& one) {
  const std::int64_t step = one.history.first_steps().test_95;
  return step < 0 ? Reached{static_cast<double>(one.history.last()->step), true}
                  : Reached{static_cast<double>(step), false};
}

/// How many times sooner than its baseline each seed of a filter is there; NaN if never.
std::vector<double> speed_ups(std::span<const TrainedRun> baseline, std::span<const TrainedRun> filtered) {
  std::vector<double> factors;
  for (std::size_t i = 0; i < filtered.size(); ++i) {
    const Reached with = reached_by(filtered[i]);
    factors.push_back(with.at_least ? std::nan("") : reached_by(baseline[i]).steps / with.steps);
  }
  return factors;
}

std::string steps_of(std::span<const TrainedRun> cell) {
  std::vector<std::string> texts;
  for (const TrainedRun& one : cell) {
    const Reached reached = reached_by(one);
    texts.push_back((reached.at_least ? "> " : "") + grouped(std::llround(reached.steps)));
  }
  return joined(texts, " / ");
}

Judgement judge_grokfast(std::span<const TrainedRun> trained, ClaimSize) {
  constexpr const char* kNames[] = {"Adam", "Grokfast-EMA", "Grokfast-MA"};
  Judgement judgement;
  judgement.holds = true;
  const auto cells = cells_of(trained, kSeedsOfARatio);
  std::vector<std::string> texts;
  std::vector<ClaimLine> lines;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string text = std::string(kNames[i]) + ": test 95 % at " + steps_of(cells[i]);
    if (i > 0) {
      const double factor = median_with(speed_ups(cells[0], cells[i]), 0.0);
      text += ", median of the ratios at least " + pretty(factor);
      require(judgement, factor >= kSpeedUpAtLeast,
              std::string(kNames[i]) + (factor > 0.0 ? " is not five times as fast as plain Adam"
                                                     : " does not generalise either"));
    }
    texts.push_back(std::move(text));
    lines.push_back(line_of(cells[i].front().history, "test_accuracy", kNames[i], claim_role(i)));
  }
  judgement.measured = joined(texts, "; ");
  judgement.charts = {
      claim_chart("grokfast", "Test accuracy: x·y mod " + std::to_string(trained[0].run.config.task.modulus),
                  log_axis("step"), percent_axis("test accuracy"), std::move(lines))};
  return judgement;
}

}  // namespace

Claim prieto_orthograd() {
  return {
      .name = "prieto-orthograd",
      .paper = "Prieto et al. 2025",
      .figure = "Figure 1a",
      .statement =
          "Dropping the part of the gradient that only lengthens the weights makes an MLP generalise at "
          "once, "
          "without weight decay",
      .published =
          "⊥AdamW: test accuracy 0.62 at step 100, 0.97 at 110, 1.0 at 120, train 0.92 at 100; AdamW: train "
          "1 at "
          "about 70, test 0 through step 300",
      .expected =
          "⊥AdamW: test 95 % within twice the steps to train 99 %; AdamW: train 99 %, test < 10 % at step "
          "300; every "
          "seed",
      .why =
          "Published is a ratio of about 1; 2 is as far as the claim 'no delay' can be stretched. 10 % is "
          "ten times "
          "guessing",
      .quick = "nothing: it is small enough",
      .changed = "One seed in the quick form, three in full; now five in both",
      .preset = "orthograd",
      .data = "",
      .runs = orthograd_runs,
      .judge = judge_orthograd,
  };
}

Claim grokfast_filter() {
  return {
      .name = "grokfast-filter",
      .paper = "Lee et al. 2024, Grokfast",
      .figure = "Figure 1 and Table 1",
      .statement = "Amplifying the slow part of the gradient makes grokking come tens of times sooner",
      .published =
          "x·y mod 97: test 95 % at step 39 890 with Adam, 910 with the exponential average (44 times "
          "sooner), 790 "
          "with the window (50 times)",
      .expected =
          "both filters reach test 95 % >= 5 times sooner than plain Adam with the same seed, median of five "
          "seeds",
      .why =
          "Published are factors of 44 and 50; 5 is a tenth, because a smaller task has a shorter wait to "
          "cut",
      .quick =
          "x·y mod 53 with one layer of width 64 in full batches instead of mod 97 with two layers of width "
          "128 in "
          "batches of 512",
      .changed =
          "The quick form was mod 31, where nothing generalised, with or without a filter; one seed, then "
          "five",
      .preset = "grokfast",
      .data = "",
      .runs = grokfast_runs,
      .judge = judge_grokfast,
  };
}

}  // namespace grokscope
