// effective-theory-rqi and effective-theory-phases: the toy adder of Liu et al. 2022 with trainable
// embeddings.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"
#include "theory/learning_phase.h"

namespace grokscope {
namespace {

constexpr const char* kRqi = "representation.rqi";

/// §4.1 of the paper's code: p = 10, 55 unordered pairs, one-dimensional embeddings at 1e-3 without decay, a
/// 1-200-200-30 tanh decoder.
RunConfig adder_config(std::int64_t train_size, double decoder_rate, double decoder_decay) {
  RunConfig config;
  config.task.kind = "addition";
  config.task.modulus = 10;
  config.task.train_size = train_size;
  config.model.kind = "adder";
  config.model.width = 200;
  config.model.depth = 2;
  config.model.activation = "tanh";
  config.model.embedding_width = 1;
  config.init.kind = "torch";
  config.loss.kind = "mse";
  config.optimizer.kind = "adamw";
  config.optimizer.learning_rate = decoder_rate;
  config.optimizer.weight_decay = decoder_decay;
  config.optimizer.beta2 = 0.999;
  config.optimizer.warmup_steps = 0;
  config.optimizer.embedding_learning_rate = 1e-3;
  config.optimizer.embedding_weight_decay = 0.0;
  return config;
}

// --- RQI
// -----------------------------------------------------------------------------------------------------------

constexpr double kStructured = 0.95, kGeneral = 0.9, kCorrelation = 0.7;
constexpr std::int64_t kRqiSeeds = 3;

std::vector<std::int64_t> rqi_sizes(ClaimSize size) {
  if (size == ClaimSize::quick) return {25, 35, 45};
  return {20, 25, 30, 35, 40, 45, 50};
}

std::vector<PoolRun> rqi_runs(ClaimSize size) {
  std::vector<PoolRun> runs;
  for (const std::int64_t pairs : rqi_sizes(size)) {
    for (std::int64_t seed = 0; seed < kRqiSeeds; ++seed) {
      RunConfig config = adder_config(pairs, 1e-4, 0.0);
      config.train.steps = size == ClaimSize::quick ? 5000 : 10'000;
      config.train.eval_every = 20;
      config.train.probe_every = 20;
      config.seed = seed;
      PoolRun run = pool_run(std::move(config));
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

Judgement judge_rqi(std::span<const TrainedRun> trained, ClaimSize) {
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
  require(judgement, generalised > 0, "no run generalises");
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

// --- phases
// --------------------------------------------------------------------------------------------------------

using theory::LearningPhase;
constexpr std::array kPhases{LearningPhase::comprehension, LearningPhase::grokking,
                             LearningPhase::memorisation, LearningPhase::confusion};
constexpr std::array<const char*, 4> kLetters{"C", "G", "M", "X"};
std::vector<double> decoder_rates(ClaimSize size) {
  if (size == ClaimSize::quick) return {1e-5, 2.2e-5, 4.6e-5, 1e-4, 1e-3, 1e-2};
  return {1e-5, 2.2e-5, 4.6e-5, 1e-4, 2.2e-4, 4.6e-4, 1e-3, 2.2e-3, 4.6e-3, 1e-2};
}

std::vector<double> decoder_decays(ClaimSize size) {
  if (size == ClaimSize::quick) return {0.0, 5.0, 10.0};
  return {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0};
}

/// Row by row: one weight decay, all learning rates.
std::vector<PoolRun> phase_runs(ClaimSize size) {
  std::vector<PoolRun> runs;
  for (const double decay : decoder_decays(size)) {
    for (const double rate : decoder_rates(size)) {
      RunConfig config = adder_config(45, rate, decay);
      config.train.steps = size == ClaimSize::quick ? 10'000 : 100'000;
      config.train.eval_every = 20;
      runs.push_back(run_until_test(std::move(config), 0.91));
    }
  }
  return runs;
}

/// Table 1 of the paper: where in kPhases.
std::size_t phase_of(const History& history) {
  const FirstSteps& first = history.first_steps();
  const LearningPhase phase = theory::learning_phase({.train_step = first.train_90,
                                                      .test_step = first.test_90,
                                                      .last_step = history.last()->step,
                                                      .over = true});
  return static_cast<std::size_t>(std::find(kPhases.begin(), kPhases.end(), phase) - kPhases.begin());
}

Judgement judge_phases(std::span<const TrainedRun> trained, ClaimSize size) {
  const std::vector<double> decays = decoder_decays(size), rates = decoder_rates(size);
  std::vector<std::size_t> phases;
  std::array<int, 4> counts{};
  for (const TrainedRun& one : trained) {
    phases.push_back(phase_of(one.history));
    ++counts.at(phases.back());
  }
  Judgement judgement;
  judgement.holds = true;
  std::vector<std::string> rows;
  std::vector<float> values;
  for (std::size_t row = 0; row < decays.size(); ++row) {
    std::string text = "decay " + pretty(decays[row]) + ":";
    for (std::size_t column = 0; column < rates.size(); ++column) {
      const std::size_t phase = phases[row * rates.size() + column];
      text += std::string(" ") + kLetters[phase];
      values.push_back(static_cast<float>(phase));
    }
    rows.push_back(std::move(text));
  }
  judgement.measured = "decoder rates " + pretty(rates.front()) + " to " + pretty(rates.back()) +
                       " (C comprehension, G grokking, M memorisation, X confusion): " + joined(rows, "; ");
  const auto at = [&](std::size_t row, std::size_t column) {
    return kPhases[phases[row * rates.size() + column]];
  };
  require(judgement, std::all_of(counts.begin(), counts.end(), [](int count) { return count > 0; }),
          "not all four phases appear");
  require(judgement, at(0, rates.size() - 1) == LearningPhase::memorisation,
          "a fast decoder without weight decay does not memorise");
  require(judgement, at(decays.size() - 1, 0) == LearningPhase::confusion,
          "a slow decoder with strong weight decay is not confused");
  judgement.charts = {
      category_chart("phases", "Phases of learning", Axis{.label = "decoder learning rate (index)"},
                     Axis{.label = "weight decay (index)"}, static_cast<std::int64_t>(rates.size()), values,
                     {Role::done, Role::generalising, Role::memorising, Role::faint})};
  judgement.charts.front().caption =
      "green comprehension, orange grokking, blue memorisation, grey confusion";
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
          "correlation of final RQI and test accuracy over training sizes and seeds >= 0.7; in at least two "
          "thirds "
          "of the runs that reach test 90 %, RQI reaches 0.95 no later",
      .why =
          "0.7 is half of the variance explained; two thirds allow for single test sets of 10 pairs, of "
          "which one is "
          "10 %",
      .quick = "three training sizes and 5 000 steps instead of seven and 10 000",
      .preset = "effective-theory-adder",
      .data = "",
      .runs = rqi_runs,
      .judge = judge_rqi,
  };
}

Claim effective_theory_phases() {
  return {
      .name = "effective-theory-phases",
      .paper = "Liu et al. 2022, effective theory",
      .figure = "Figure 6 and Table 1",
      .statement =
          "Decoder learning rate and weight decay divide the toy adder into comprehension, grokking, "
          "memorisation "
          "and confusion",
      .published =
          "embeddings at 1e-3, 10 000 steps, decoder rates 1e-5 to 1e-2: decay 0: M G G C M M M M M M; decay "
          "5: "
          "X G G G C X M M X C; decay 10: X M X M M M M X X X",
      .expected =
          "all four phases appear (Table 1: 90 % of train and test, gap 1 000 steps); the fastest decoder "
          "without "
          "decay memorises; the slowest with the strongest decay is confused",
      .why =
          "Single cells depend on the seed, as the published rows show; the four phases and the two corners "
          "do not",
      .quick = "6 x 3 cells and 10 000 steps instead of 10 x 11 and 100 000",
      .preset = "effective-theory-adder",
      .data = "",
      .runs = phase_runs,
      .judge = judge_phases,
  };
}

}  // namespace grokscope
