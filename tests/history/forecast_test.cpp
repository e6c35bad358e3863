// Forecasts of made-up runs from made-up calibrations: ground, interval, record, and the reasons for none.
#include "history/forecast.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/files.h"
#include "config/presets.h"

namespace grokscope {
namespace {

struct Shape {
  double entropy_falls_from = 400.0;  ///< step
  bool test_loss_falls = true;
  double generalises_at = 2000.0;
};

/// Memorised at step 40; evaluated every 20 steps, looked at every 100.
History history_of(const Shape& shape, std::int64_t last) {
  RunConfig config = find_preset("quickstart")->config;
  History history(config);
  for (std::int64_t step = 0; step <= last; step += 20) {
    const auto at = static_cast<double>(step);
    Evaluation evaluation;
    evaluation.step = step;
    evaluation.train_accuracy = step >= 40 ? 1.0 : 0.1;
    evaluation.train_loss = 0.01;
    evaluation.test_accuracy = at >= shape.generalises_at ? 0.9 : 0.0;
    evaluation.test_loss = shape.test_loss_falls ? 20.0 * std::pow(at + 1.0, -0.2) : 20.0 + at / 100.0;
    history.append(evaluation);
    if (step % 100 != 0) continue;
    const double fall = std::max(0.0, at - shape.entropy_falls_from) * 1e-4;
    history.append(ProbeScalars{step, "entropy", {{"spectral", 0.78 - fall}}});
  }
  return history;
}

Calibration calibration_of(const std::vector<double>& waits, int never = 0) {
  Calibration calibration;
  PastRun run;
  run.family = family_of(find_preset("quickstart")->config);
  run.memorised_step = 40;
  run.warned_step = 500;
  run.last_step = 5000;
  for (const double wait : waits) {
    run.generalised_step = std::llround(500.0 * wait);
    calibration.add(run);
  }
  run.generalised_step = -1;
  for (int i = 0; i < never; ++i) calibration.add(run);
  return calibration;
}

const std::vector<double> kTen{1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1, 2.2, 2.3, 2.4};

TEST(Forecast, GroundIsAFallOfBoth) {
  const auto ground = forecast_ground(history_of({}, 3000), 3000);
  ASSERT_TRUE(ground);
  EXPECT_EQ(ground->step, 600) << "0.02 below the plateau that ended at step 400";
  EXPECT_NEAR(ground->plateau, 0.78, 1e-12);
  EXPECT_FALSE(forecast_ground(history_of({}, 3000), 599)) << "nothing that came later is looked at";
  EXPECT_FALSE(forecast_ground(history_of({.test_loss_falls = false}, 3000), 3000));
  EXPECT_FALSE(forecast_ground(history_of({.entropy_falls_from = 1e9}, 3000), 3000));
  EXPECT_FALSE(forecast_ground(history_of({.generalises_at = 500.0}, 3000), 3000)) << "too late";
}

TEST(Forecast, SaysWhatIsMissing) {
  EXPECT_EQ(why_no_ground(history_of({}, 20), 20), "It has not learned its training examples yet.");
  EXPECT_NE(why_no_ground(history_of({.entropy_falls_from = 1e9}, 3000), 1900).find("has not fallen"),
            std::string::npos);
  EXPECT_EQ(why_no_ground(history_of({.test_loss_falls = false}, 3000), 1900),
            "The entropy of its last features has fallen, but its test loss has not.");
  EXPECT_NE(why_no_ground(history_of({.generalises_at = 500.0}, 3000), 3000).find("without a warning"),
            std::string::npos);
  EXPECT_EQ(why_no_ground(history_of({}, 3000), 3000), "");
}

TEST(Forecast, TheIntervalLeavesOutTheOuterTenths) {
  const History history = history_of({}, 1000);
  const auto forecast = forecast_from(*forecast_ground(history, 1000), history, calibration_of(kTen));
  ASSERT_TRUE(forecast) << forecast.error().message;
  EXPECT_EQ(forecast->made_step, 600);
  EXPECT_EQ(forecast->from_step, 900);  // the first of ten: a tenth of eleven is one
  EXPECT_EQ(forecast->to_step, 1440);
  EXPECT_EQ(forecast->runs, 10);
}

TEST(Forecast, NoneWithoutEnoughRunsOrWithTooManyThatNeverDid) {
  const History history = history_of({}, 1000);
  const ForecastGround ground = *forecast_ground(history, 1000);
  const auto few = forecast_from(ground, history, calibration_of({1.5, 1.6, 1.7}));
  ASSERT_FALSE(few);
  EXPECT_NE(few.error().message.find("only 3 finished runs"), std::string::npos);
  const auto never = forecast_from(ground, history, calibration_of(kTen, 1));
  ASSERT_FALSE(never);
  EXPECT_NE(never.error().message.find("1 of 11 runs"), std::string::npos);
}

TEST(Forecast, RunsWithNoisyLabelsAreAFamilyOfTheirOwn) {
  RunConfig config = find_preset("quickstart")->config;
  EXPECT_EQ(family_of(config), "modular + | transformer 1 | adamw");
  config.task.label_noise = 0.2;
  EXPECT_EQ(family_of(config), "modular + | transformer 1 | adamw | noisy labels");
}

TEST(Forecast, ARunThatWasChangedHasNone) {
  History history = history_of({}, 1000);
  const ForecastGround ground = *forecast_ground(history, 1000);
  history.append(Event{300, "set", {{"field", "optimizer.weight_decay"}, {"value", 1.0}}});
  EXPECT_FALSE(forecast_from(ground, history, calibration_of(kTen)));
  EXPECT_TRUE(past_run_of(history).family.empty()) << "and teaches nothing";
}

TEST(Forecast, ItsEventReadsBack) {
  History history = history_of({}, 1000);
  const auto forecast = forecast_from(*forecast_ground(history, 1000), history, calibration_of(kTen));
  history.append(event_of(*forecast));
  EXPECT_FALSE(recorded_forecast(history, 599));
  const auto back = recorded_forecast(history, 600);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->from_step, 900);
  EXPECT_EQ(back->to_step, 1440);
  history.append(Event{0, "forecast", {{"from", 9}, {"to", 3}}});
  EXPECT_EQ(recorded_forecast(history, 600)->from_step, 900) << "one that makes no sense is passed over";
}

TEST(Calibration, CountsHowForecastsTurnedOut) {
  Calibration calibration;
  PastRun run;
  run.family = "f";
  run.last_step = 3000;
  run.forecast = PastForecast{500, 900, 1400};
  for (const std::int64_t generalised : {900, 1400, 1401, -1}) {
    run.generalised_step = generalised;
    calibration.add(run);
  }
  run.last_step = 1000;  // ended before it could turn out
  calibration.add(run);
  const ForecastRecord record = calibration.record_of("f");
  EXPECT_EQ(record.right, 2);
  EXPECT_EQ(record.wrong, 2);
  EXPECT_EQ(record.false_alarms, 1);
  EXPECT_EQ(calibration.record_of("g").made(), 0);
}

TEST(Calibration, LeavesOutWhatWasKeptAsideAndWhatEndedTooEarly) {
  Calibration calibration = calibration_of({2.0});
  PastRun run = calibration.runs()[0];
  run.fitted_on = false;
  calibration.add(run);
  run.fitted_on = true;
  run.generalised_step = -1;
  run.last_step = 800;  // 1.6 times the step of its warning
  calibration.add(run);
  EXPECT_EQ(calibration.waits_of(run.family), std::vector<double>{2.0});
}

TEST(Calibration, LinesReadBackAndDamagedOnesAreRefused) {
  PastRun run = past_run_of(history_of({}, 3000));
  run.forecast = PastForecast{600, 900, 1440};
  run.fitted_on = false;
  EXPECT_EQ(run.memorised_step, 40);
  EXPECT_EQ(run.warned_step, 600);
  EXPECT_EQ(run.generalised_step, 2000);
  const auto back = past_run_from_line(text_from_json(json_from_past_run(run)), "here");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->family, run.family);
  EXPECT_EQ(back->generalised_step, 2000);
  EXPECT_FALSE(back->fitted_on);
  EXPECT_EQ(back->forecast->to_step, 1440);
  for (const char* line : {"", "[]", "{}", R"({"family":"f","warned":-3})", R"({"family":"f","last":1.5})",
                           R"({"family":"f","forecast":{"made":1,"from":9,"to":2}})"}) {
    EXPECT_FALSE(past_run_from_line(line, "here")) << line;
  }
}

TEST(Calibration, ShipsWithTheProgram) {
  const Calibration calibration = load_calibration();
  const std::string family = family_of(find_preset("quickstart")->config);
  EXPECT_GE(calibration.waits_of(family).size(), 15u);
  EXPECT_GE(calibration.record_of(family).made(), 20);
}

TEST(Forecast, TheCommutatorsOnsetIsThePublishedRule) {
  History history = history_of({}, 1000);
  const auto look = [&](std::int64_t step, double defect) {
    history.append(ProbeScalars{step, "commutator", {{"defect", defect}}});
  };
  look(0, 1.0);
  look(10, 3.0);
  EXPECT_EQ(defect_onset(history, 1000), -1) << "no baseline yet";
  look(20, 2.0);
  look(30, 19.0);
  EXPECT_EQ(defect_onset(history, 1000), -1) << "below ten times the median of 1, 3, 2";
  look(40, 20.5);
  look(50, 21.0);
  EXPECT_EQ(defect_onset(history, 1000), 40);
  EXPECT_EQ(defect_onset(history, 39), -1);
}

}  // namespace
}  // namespace grokscope
