// gromov-gd: a quadratic network groks under plain gradient descent, without any regularisation.
#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"

namespace grokscope {
namespace {

std::vector<PlannedRun> runs(ClaimSize size) {
  std::vector<PlannedRun> runs;
  for (std::int64_t seed = 0; seed < (size == ClaimSize::quick ? 1 : 3); ++seed) {
    RunConfig config = preset_config("gromov-2023");
    config.seed = seed;
    runs.push_back(run_until_test(std::move(config), 0.99));
  }
  return runs;
}

void judge_run(Judgement& judgement, const History& history) {
  const FirstSteps& first = history.first_steps();
  const std::int64_t peak = step_of_largest(history, "test_loss");
  judgement.measured += (judgement.measured.empty() ? "" : "; ") +
                        ("train 99 % at " + step_text(first.train_99)) + ", test 50 % at " +
                        step_text(first.test_50) + ", 99 % at " + step_text(first.test_99) +
                        ", test loss highest at " + step_text(peak);
  require(judgement, first.train_99 >= 0 && first.test_99 >= 0, "test accuracy does not reach 99 %");
  if (first.train_99 < 0 || first.test_50 < 0) return;
  const double at_memorised = value_at(history, "test_accuracy", first.train_99);
  const double norm_before = value_at(history, "weight_norm", 0),
               norm_after = last_of(history, "weight_norm");
  judgement.measured += ", test accuracy " + percent(at_memorised) + " when memorised, norm " +
                        pretty(norm_before) + " to " + pretty(norm_after);
  require(judgement, at_memorised < 0.5, "test accuracy rises together with train accuracy: no grokking");
  require(judgement, peak > 0 && peak < first.test_50,
          "the test loss does not peak before test accuracy rises");
  require(judgement, norm_after > norm_before, "the weight norm shrinks, as if something regularised it");
}

Judgement judge(std::span<const TrainedRun> trained, ClaimSize) {
  Judgement judgement;
  judgement.holds = true;
  for (const TrainedRun& one : trained) judge_run(judgement, one.history);
  const History& history = trained.front().history;
  judgement.charts = {accuracy_chart("accuracy", "Plain gradient descent, no regularisation", history),
                      claim_chart("loss", "Loss", log_axis("step"), log_axis("mean squared error"),
                                  {line_of(history, "train_loss", "train", Role::train),
                                   line_of(history, "test_loss", "test", Role::test)})};
  return judgement;
}

}  // namespace

Claim gromov_gd() {
  return {
      .name = "gromov-gd",
      .paper = "Gromov 2023",
      .figure = "Figure 1",
      .statement =
          "A two-layer network with quadratic neurons groks modular addition under plain gradient descent "
          "with mean squared error and no regularisation",
      .published =
          "p = 97, 49 % of the pairs: test accuracy reaches 100 % after train accuracy, the test loss peaks "
          "just before, the weight norm grows",
      .expected =
          "train and test accuracy reach 99 %; test accuracy is below 50 % when train accuracy reaches 99 %; "
          "the "
          "test loss peaks before test accuracy passes 50 %; the weight norm ends above its start",
      .why =
          "All four are orders of events that the figure shows, without a number to tolerate; 50 % separates "
          "memorised from understood",
      .quick = "nothing but seeds: one instead of three",
      .changed = "",
      .preset = "gromov-2023",
      .data = "",
      .runs = runs,
      .judge = judge,
  };
}

}  // namespace grokscope
