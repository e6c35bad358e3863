// omnigrok-induce-text: large initial weights make an LSTM grok on film reviews, ordinary ones do not.
#include <cmath>
#include <limits>
#include <utility>

#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"

namespace grokscope {
namespace {

constexpr double kGuessing = 0.55, kLearned = 0.60, kDelayAtLeast = 3.0, kNoDelayAtMost = 1.0;
constexpr double kNever = std::numeric_limits<double>::infinity();

/// The preset is the quick form; the published one has fewer, longer reviews and a wider network.
RunConfig config_for(ClaimSize size, bool large) {
  RunConfig config = preset_config("omnigrok-text");
  if (size == ClaimSize::full) {
    config.task.examples = 1000;
    config.task.length = 500;
    config.model.width = 256;
    config.optimizer.learning_rate = 3e-4;
    config.train.steps = large ? 75'000 : 10'000;
  } else if (!large) {
    config.train.steps = 800;
  }
  config.init.scale = large ? 6.0 : 1.0;
  config.optimizer.weight_decay = large ? 1.0 : 0.0;
  config.train.eval_every = 50;
  return config;
}

/// The large ones of every seed, then the ordinary ones.
std::vector<PlannedRun> runs(ClaimSize size) {
  std::vector<PlannedRun> runs;
  for (const bool large : {true, false}) {
    for (RunConfig& config : with_seeds(config_for(size, large), kSeedsOfARatio)) {
      runs.push_back(large && size == ClaimSize::quick ? run_until_test(std::move(config), kLearned)
                                                       : whole_run(std::move(config)));
    }
  }
  return runs;
}

/// Of one run: when it had memorised (-1: never), what it knew then, when it had learned.
struct Gap {
  std::int64_t memorised = -1, learned = -1;
  double then = std::nan("");
};

Gap gap_of(const History& history) {
  Gap gap{history.first_steps().train_99, first_at_least(history, "test_accuracy", kLearned)};
  if (gap.memorised >= 0) gap.then = value_at(history, "test_accuracy", gap.memorised);
  return gap;
}

std::string text_of(const Gap& gap) {
  return (gap.memorised < 0
              ? "not memorised"
              : "memorised at " + step_text(gap.memorised) + " with test " + percent(gap.then)) +
         ", test 60 % " + (gap.learned < 0 ? "never" : "at " + step_text(gap.learned));
}

/// Medians over the seeds; what does not exist speaks against the claim.
struct Medians {
  double then = 0.0, delay = 0.0;
};

Medians medians_of(std::span<const TrainedRun> cell, double undefined_delay, std::string& measured) {
  std::vector<double> then, delays;
  measured += (measured.empty() ? "" : "; ") + ("α = " + pretty(cell.front().run.config.init.scale)) + ": ";
  std::vector<std::string> texts;
  for (const TrainedRun& one : cell) {
    const Gap gap = gap_of(one.history);
    texts.push_back(text_of(gap));
    then.push_back(gap.then);
    // Learned without having memorised: no delay at all.
    delays.push_back(gap.memorised < 0 && gap.learned >= 0 ? 0.0 : step_ratio(gap.learned, gap.memorised));
  }
  measured += joined(texts, " / ");
  return {median_with(std::move(then), 1.0), median_with(std::move(delays), undefined_delay)};
}

Judgement judge(std::span<const TrainedRun> trained, ClaimSize) {
  const auto cells = cells_of(trained, kSeedsOfARatio);
  Judgement judgement;
  judgement.holds = true;
  const Medians large = medians_of(cells[0], 0.0, judgement.measured);
  const Medians ordinary = medians_of(cells[1], kNever, judgement.measured);
  judgement.measured += "; medians: test " + percent(large.then) + " when memorised and 60 % after " +
                        ratio_text(large.delay) + " times as many steps, against " +
                        ratio_text(ordinary.delay);
  require(judgement, large.then <= kGuessing,
          "with α = 6 test accuracy is above guessing when the reviews are memorised");
  require(judgement, large.delay >= kDelayAtLeast && large.delay < kNever,
          "with α = 6 there is no late rise of the test accuracy to 60 %");
  require(judgement, ordinary.delay <= kNoDelayAtMost,
          "with α = 1 test accuracy does not reach 60 % before the reviews are memorised");
  judgement.charts = {scale_chart(cells[0].front(), "IMDb reviews"),
                      scale_chart(cells[1].front(), "IMDb reviews")};
  return judgement;
}

}  // namespace

Claim omnigrok_induce_text() {
  return {
      .name = "omnigrok-induce-text",
      .paper = "Liu et al. 2022, Omnigrok",
      .figure = "Figure 4",
      .statement = "An LSTM on film reviews groks when its weights start large, and not otherwise",
      .published =
          "α = 6, weight decay 1: train accuracy 1 at about 100 steps, test 47 % until 500 to 1 000, then to "
          "70 %; α = 1, no weight decay: test 61 to 68 % throughout",
      .expected =
          "median of five seeds, α = 6: test accuracy <= 55 % when train accuracy reaches 99 %, and >= 60 % "
          "only after >= 3 times as many steps; α = 1: test accuracy >= 60 % no later than train 99 %",
      .why =
          "55 and 60 % are about three standard errors of the test set from guessing and from each other; "
          "the figure's delay is 5 to 10",
      .quick =
          "3 000 training reviews of 100 words and 1 000 others, width 64, rate 6e-4, at most 6 000 steps "
          "(α = 1: 800) instead of 750 of 500 and 250, 256, 3e-4, 75 000. More reviews because 750 of so few "
          "words do not teach even α = 1 more than 60 %",
      .changed =
          "The quick form had 200 reviews of 50 words, then 750 of 100 (α = 6: 50 % when memorised, later "
          "59 %), and failed for that; every seed had to hold, of one, then the median of five",
      .preset = "omnigrok-text",
      .data = "imdb",
      .runs = runs,
      .judge = judge,
  };
}

}  // namespace grokscope
