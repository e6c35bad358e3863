// What a session tells of its numbers as they come: each finding once, in the order in which it is known.
#include "session/findings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "config/presets.h"
#include "history/forecast.h"

namespace grokscope {
namespace {

std::shared_ptr<const Calibration> ten_runs() {
  auto calibration = std::make_shared<Calibration>();
  PastRun run;
  run.family = family_of(find_preset("quickstart")->config);
  run.warned_step = 500;
  for (int i = 0; i < 10; ++i) {
    run.generalised_step = 900 + 10 * i;
    calibration->add(run);
  }
  return calibration;
}

/// Memorises at 40, forgets nothing, rises from 0 to all at `rise` within 100 steps; its entropy falls from
/// 300 on, its test loss all the while.
struct Live {
  History history{find_preset("quickstart")->config};
  Findings findings{history, ten_runs()};
  std::vector<Event> told;

  void go(std::int64_t from, std::int64_t to, std::int64_t rise) {
    for (std::int64_t step = from; step <= to; step += 10) {
      const auto x = static_cast<double>(step);
      Evaluation evaluation;
      evaluation.step = step;
      evaluation.train_accuracy = step >= 40 ? 1.0 : 0.1;
      evaluation.test_accuracy = std::clamp((x - static_cast<double>(rise)) / 100.0, 0.0, 1.0);
      evaluation.train_loss = 0.1;
      evaluation.test_loss = 1000.0 / (x + 100.0);
      history.append(evaluation);
      take();
      if (step % 50 != 0) continue;
      history.append(ProbeScalars{step, "entropy", {{"spectral", 0.78 - 1e-4 * std::max(0.0, x - 300.0)}}});
      history.append(ProbeScalars{step, "commutator", {{"defect", step < 400 ? 3.0 : 100.0}}});
      take();
    }
  }
  void take() {
    for (Event& event : findings.news(history)) {
      history.append(event);
      told.push_back(std::move(event));
    }
  }
  std::vector<Event> of_kind(const std::string& kind) const {
    std::vector<Event> found;
    std::copy_if(told.begin(), told.end(), std::back_inserter(found),
                 [&](const Event& event) { return event.kind == kind; });
    return found;
  }
};

TEST(Findings, TellAForecastOnceAndAStageWhenItIsKnown) {
  Live run;
  run.go(0, 3000, 900);
  const auto forecasts = run.of_kind("forecast");
  ASSERT_EQ(forecasts.size(), 1u);
  EXPECT_EQ(forecasts[0].step, 500);
  EXPECT_EQ(forecasts[0].detail.at("from"), 900);
  EXPECT_EQ(forecasts[0].detail.at("to"), 990);
  const auto stages = run.of_kind("stage");
  ASSERT_EQ(stages.size(), 1u);
  EXPECT_EQ(stages[0].detail.at("change"), "rise");
  EXPECT_GT(stages[0].step, 900);
  ASSERT_EQ(run.of_kind("stage_over").size(), 1u);
  EXPECT_EQ(run.of_kind("stage_over")[0].detail.at("to"), 1.0);
}

TEST(Findings, TellTheWarningsOfTheCommutatorAndTheEntropy) {
  Live run;
  run.go(0, 3000, 9000);
  const auto warnings = run.of_kind("warning");
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_EQ(warnings[0].detail.at("measure"), "commutator");
  EXPECT_EQ(warnings[0].step, 400);
  EXPECT_EQ(warnings[1].detail.at("measure"), "entropy");
  EXPECT_EQ(warnings[1].step, 2050) << "0.605, the first look below 0.609";
}

TEST(Findings, ARunThatGoesOnIsToldNothingTwice) {
  Live run;
  run.go(0, 1000, 900);
  const std::size_t before = run.told.size();
  EXPECT_GE(before, 3u);
  Findings again(run.history, ten_runs());
  EXPECT_TRUE(again.news(run.history).empty());
  run.findings = again;
  run.go(1010, 3000, 900);
  EXPECT_EQ(run.of_kind("forecast").size(), 1u);
  EXPECT_EQ(run.of_kind("stage").size(), 1u);
  EXPECT_EQ(run.of_kind("stage_over").size(), 1u);
}

TEST(Findings, SayWhyThereIsNoForecast) {
  Live run;
  run.findings = Findings(run.history, std::make_shared<const Calibration>());
  run.go(0, 800, 900);
  EXPECT_TRUE(run.of_kind("forecast").empty());
  ASSERT_EQ(run.of_kind("no_forecast").size(), 1u);
  EXPECT_EQ(run.of_kind("no_forecast")[0].detail.at("text"),
            "No forecast: only 0 finished runs like this one are known, 8 are wanted.");
  run.findings = Findings(History{RunConfig{}}, nullptr);
  Live without;
  without.findings = Findings(without.history, nullptr);
  without.go(0, 800, 900);
  EXPECT_TRUE(without.of_kind("no_forecast").empty()) << "nobody asked for one";
}

}  // namespace
}  // namespace grokscope
