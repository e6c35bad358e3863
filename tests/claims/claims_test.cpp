// The registry: every claim is complete, its runs are valid settings, and its judge tells good from bad.
#include "claims/claims.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>

#include "claims/claim_runs.h"
#include "config/fields.h"
#include "config/presets.h"
#include "planted.h"
#include "sweep/outcome_key.h"
#include "sweep/plan_json.h"

namespace grokscope {
namespace {

const Claim& claim(std::string_view name) {
  return **find_claim(name);
}

/// Judges the claim on planted runs: `steps` gives train and test step for each run.
template <typename Steps>
Judgement judged(std::string_view name, Steps steps) {
  std::vector<TrainedRun> trained;
  const std::vector<PlannedRun> runs = claim(name).runs(ClaimSize::quick);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto [train, test] = steps(i, runs[i].config);
    trained.push_back(planted_run(runs[i], train, test));
  }
  return claim(name).judge(trained, ClaimSize::quick);
}

using Steps = std::pair<std::int64_t, std::int64_t>;

TEST(Claims, EachIsCompleteAndNamedOnce) {
  std::set<std::string_view> names;
  for (const Claim& one : claims()) {
    SCOPED_TRACE(one.name);
    EXPECT_TRUE(names.insert(one.name).second);
    for (const std::string_view text :
         {one.paper, one.figure, one.statement, one.published, one.expected, one.why, one.quick, one.preset})
      EXPECT_FALSE(text.empty());
    EXPECT_NE(find_preset(one.preset), nullptr) << one.preset;
  }
}

TEST(Claims, EveryRunOfEverySizeIsValid) {
  for (const Claim& one : claims()) {
    for (const ClaimSize size : {ClaimSize::quick, ClaimSize::full}) {
      const std::vector<PlannedRun> runs = one.runs(size);
      const Preset* preset = find_preset(one.preset);
      ASSERT_NE(preset, nullptr) << one.name;
      EXPECT_EQ(runs.empty(), !preset->opens.theory.empty())
          << one.name << ": only what is computed has no runs";
      for (const PlannedRun& run : runs) {
        const Status valid = validate(run.config);
        EXPECT_TRUE(valid) << one.name << ": " << (valid ? "" : valid.error().message);
      }
    }
  }
}

TEST(Claims, ThoseThatAreComputedAreJudgedWithoutARun) {
  for (const char* name :
       {"dd-linear-theory", "dd-random-features", "dd-two-scale", "davies-pattern-model"}) {
    const Judgement judgement = claim(name).judge({}, ClaimSize::quick);
    EXPECT_TRUE(judgement.holds) << name << ": " << judgement.explanation << "; " << judgement.measured;
    EXPECT_FALSE(judgement.charts.empty()) << name;
  }
}

TEST(Claims, TheRunsOfAllAreAPlanThatWorkersCanRead) {
  std::vector<const Claim*> all;
  for (const Claim& one : claims()) all.push_back(&one);
  for (const ClaimSize size : {ClaimSize::quick, ClaimSize::full}) {
    const ClaimRuns runs = claim_runs(all, size);
    const auto read = plan_from_text(text_from_json(json_from_plan(runs.plan)), "plan");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(validate(*read)) << validate(*read).error().message;
    ASSERT_EQ(read->runs(), runs.plan.runs());
    for (std::size_t place = 0; place < all.size(); ++place) {
      for (std::size_t i = 0; i < runs.runs[place].size(); ++i)
        EXPECT_EQ(outcome_key(planned_run(*read, runs.of[place][i]), ""),
                  outcome_key(runs.runs[place][i], ""));
    }
  }
}

TEST(Claims, AWrongNameOffersTheNearest) {
  const auto found = find_claim("omnigrok-degrock");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().blame, Blame::usage);
  EXPECT_NE(found.error().message.find("'omnigrok-degrok'"), std::string::npos);
  EXPECT_NE(find_claim("xyzzy").error().message.find("grokscope claims"), std::string::npos);
}

TEST(Claims, DegrokNeedsBothHalves) {
  const auto clamped = [](const RunConfig& config) { return config.optimizer.clamp_norm > 0; };
  const auto with = [&](Steps free, Steps held) {
    return judged("omnigrok-degrok",
                  [=](std::size_t, const RunConfig& config) { return clamped(config) ? held : free; });
  };
  EXPECT_TRUE(with({100, 2000}, {200, 300}).holds);
  EXPECT_FALSE(with({100, 2000}, {200, 500}).holds);
  EXPECT_FALSE(with({100, 500}, {200, 300}).holds);
  EXPECT_FALSE(with({100, 2000}, {-1, 300}).holds);
  EXPECT_TRUE(with({100, -1}, {200, 300}).holds);  // never generalising is a delay as well
  EXPECT_FALSE(with({100, 500}, {200, 300}).explanation.empty());
}

TEST(Claims, DataSizeMustRiseSteeplyAndFailBelow) {
  const auto with = [](std::int64_t lowest, double power) {
    return judged("omnigrok-data-size", [=](std::size_t i, const RunConfig& config) {
      const double steps = 100.0 * std::pow(0.9 / config.task.train_fraction, power);
      return Steps{50, i < 5 ? lowest : static_cast<std::int64_t>(steps) / 10 * 10};
    });
  };
  EXPECT_TRUE(with(-1, 4).holds);
  EXPECT_FALSE(with(-1, 1).holds);
  EXPECT_FALSE(with(3000, 4).holds);
}

TEST(Claims, GromovWantsTheOrderOfEvents) {
  const auto with = [](std::int64_t train, std::int64_t test) {
    return judged("gromov-gd", [=](std::size_t, const RunConfig&) { return Steps{train, test}; });
  };
  EXPECT_TRUE(with(1000, 1200).holds);
  EXPECT_FALSE(with(1000, 1000).holds);
  EXPECT_FALSE(with(1000, -1).holds);
}

TEST(Claims, DataFractionComparesTestWithTrain) {
  const auto with = [](double power, double train_power) {
    return judged("power-data-fraction", [=](std::size_t, const RunConfig& config) {
      const double less = 0.8 / config.task.train_fraction;
      const auto step = [&](double start, double p) {
        return static_cast<std::int64_t>(start * std::pow(less, p)) / 10 * 10;
      };
      return Steps{step(50, train_power), step(300, power)};
    });
  };
  EXPECT_TRUE(with(4, 0).holds);
  EXPECT_FALSE(with(1, 0).holds);
  EXPECT_FALSE(with(4, 3.5).holds);
}

TEST(Claims, SymmetricOperationsMustAllBeAhead) {
  const auto with = [](const std::string& late) {
    return judged("power-symmetric-operations", [=](std::size_t i, const RunConfig& config) {
      const std::string& operation = config.task.operation;
      const bool ordered =
          operation == "-" || operation == "/" || operation == "x^3+xy^2+y" || operation == late;
      return Steps{50, ordered && (i % 3 != 2 || operation == "x^3+xy^2+y") ? -1 : 500};
    });
  };
  EXPECT_TRUE(with("").holds);
  EXPECT_FALSE(with("x^2+y^2").holds);
}

TEST(Claims, ACircuitIsMoreThanGrokking) {
  const PlannedRun run = claim("nanda-circuit").runs(ClaimSize::quick).front();
  const auto with = [&](double keys, double excluded_late, double restricted) {
    TrainedRun trained = planted_run(run, 100, 2000);
    for (std::int64_t step = 0; step <= 4000; step += 50) {
      Frame progress, fourier;
      progress.probe = "progress";
      fourier.probe = "fourier";
      progress.step = fourier.step = step;
      fourier.scalars["top8_share"] = 0.95;
      progress.scalars = {{"key_count", keys},
                          {"restricted_loss", restricted},
                          {"full_test_loss", 5.0},
                          {"excluded_loss", step < 1000 ? 1.0 : excluded_late},
                          {"sum_of_squares", 1000.0 - 0.1 * static_cast<double>(step)}};
      trained.history.append(std::make_shared<const Frame>(progress));
      trained.history.append(std::make_shared<const Frame>(fourier));
    }
    return claim("nanda-circuit").judge(std::span(&trained, 1), ClaimSize::quick);
  };
  EXPECT_TRUE(with(5, 3.0, 0.5).holds);
  EXPECT_FALSE(with(20, 3.0, 0.5).holds);
  EXPECT_TRUE(with(5, 1.5, 0.5).holds) << "the excluded loss rises in runs that never generalise, too";
  EXPECT_FALSE(with(5, 3.0, 4.5).holds) << "below the full loss, and no better than guessing";
}

/// A run whose losses and accuracies end at the given values.
TrainedRun ending_at(const PlannedRun& run, double train_loss, double test_loss, double train_error,
                     double test_error) {
  TrainedRun trained{run, History(run.config), "steps"};
  Evaluation e;
  e.train_loss = e.test_loss = 10.0;
  e.train_accuracy = e.test_accuracy = 0.1;
  trained.history.append(e);
  e.step = 100;
  e.train_loss = train_loss;
  e.test_loss = test_loss;
  e.train_accuracy = 1.0 - train_error;
  e.test_accuracy = 1.0 - test_error;
  trained.history.append(e);
  return trained;
}

/// The landscape claim on an L of height 1 and a U = exp(curvature · (ln alpha − shift)²).
Judgement judged_landscape(std::string_view name, double curvature, double shift, double floor) {
  std::vector<TrainedRun> trained;
  for (const PlannedRun& run : claim(name).runs(ClaimSize::quick)) {
    const double alpha = run.config.init.scale, x = std::log(alpha) - shift;
    const double train = alpha < 0.9 ? 1.0 : floor;
    trained.push_back(ending_at(run, train, 0.01 * std::exp(curvature * x * x), train,
                                0.15 * std::exp(0.35 * curvature * x * x)));
  }
  return claim(name).judge(trained, ClaimSize::quick);
}

TEST(Claims, LandscapesAreAnLAndAU) {
  for (const char* name : {"omnigrok-lu-teacher-student", "omnigrok-lu-mnist"}) {
    SCOPED_TRACE(name);
    EXPECT_TRUE(judged_landscape(name, 0.9, 0.0, 0.001).holds);
    EXPECT_FALSE(judged_landscape(name, 0.1, 0.0, 0.001).holds);  // too flat
    EXPECT_FALSE(judged_landscape(name, 0.9, 1.5, 0.001).holds);  // lowest far from 1
    EXPECT_FALSE(judged_landscape(name, 0.9, 0.0, 0.2).holds);    // no L
  }
}

TEST(Claims, LandscapesAreTrainedOnTheSphere) {
  for (const char* name : {"omnigrok-lu-teacher-student", "omnigrok-lu-mnist"}) {
    for (const PlannedRun& run : claim(name).runs(ClaimSize::full)) {
      EXPECT_EQ(run.config.optimizer.clamp_norm, 1.0);
      EXPECT_EQ(run.config.optimizer.weight_decay, 0.0);
    }
  }
}

TEST(Claims, TimeAgainstWeightDecayFitsASlope) {
  const auto with = [](double power) {
    return judged("omnigrok-time-vs-weight-decay", [=](std::size_t, const RunConfig& config) {
      return Steps{
          100, static_cast<std::int64_t>(300.0 * std::pow(config.optimizer.weight_decay, power)) / 10 * 10};
    });
  };
  EXPECT_TRUE(with(-1.0).holds);
  EXPECT_FALSE(with(-0.5).holds);
  EXPECT_FALSE(with(0.0).holds);
  EXPECT_NE(with(-0.5).explanation.find("slope"), std::string::npos);
  EXPECT_FALSE(with(-2.0).holds);  // the slowest do not get there
}

TEST(Claims, LargeWeightsDelayMnistAndOrdinaryOnesDoNot) {
  const auto with = [](Steps large, Steps ordinary) {
    return judged("omnigrok-induce-mnist", [=](std::size_t, const RunConfig& config) {
      return config.init.scale > 1 ? large : ordinary;
    });
  };
  EXPECT_TRUE(with({200, 3000}, {200, 100}).holds);
  EXPECT_FALSE(with({200, 600}, {200, 100}).holds);
  EXPECT_FALSE(with({200, 3000}, {200, 1000}).holds);
  EXPECT_FALSE(with({200, -1}, {200, 100}).holds);  // a delay without an end is not grokking
}

TEST(Claims, TextNeedsALateRiseForLargeWeightsOnly) {
  const auto with = [](Steps large, Steps ordinary) {
    return judged("omnigrok-induce-text", [=](std::size_t, const RunConfig& config) {
      return config.init.scale > 1 ? large : ordinary;
    });
  };
  EXPECT_TRUE(with({200, 1000}, {200, 100}).holds);
  EXPECT_FALSE(with({200, 300}, {200, 100}).holds);
  EXPECT_FALSE(with({200, -1}, {200, 100}).holds);
  EXPECT_FALSE(with({200, 1000}, {200, 400}).holds);
}

/// Train loss falls to `fitted` at step 100; test loss is `then` until `half`, `end` afterwards.
TrainedRun fallen(const PlannedRun& run, double then, double end, std::int64_t half, double fitted = 0.05) {
  TrainedRun trained{run, History(run.config), "steps"};
  for (std::int64_t step = 0; step <= 4000; step += 50) {
    Evaluation e;
    e.step = step;
    e.train_loss = step < 100 ? 100.0 : fitted;
    e.test_loss = step < half ? then : end;
    trained.history.append(e);
  }
  return trained;
}

TEST(Claims, MoleculesComparesTheFallAfterFitting) {
  // Of five seeds of either scale; `large` falls in the first three (the median), the others stay.
  const auto with = [](double then, double end, std::int64_t half, double ordinary, double fitted = 0.05) {
    std::vector<TrainedRun> trained;
    for (const PlannedRun& run : claim("omnigrok-induce-molecules").runs(ClaimSize::quick)) {
      const bool large = run.config.init.scale > 1.0, counts = run.config.seed < 3;
      trained.push_back(large ? fallen(run, then, counts ? end : then, half, fitted)
                              : fallen(run, ordinary, 0.07, 1500));
    }
    return claim("omnigrok-induce-molecules").judge(trained, ClaimSize::quick).holds;
  };
  EXPECT_TRUE(with(4, 0.1, 1500, 0.1));
  EXPECT_FALSE(with(0.2, 0.1, 1500, 0.1));
  EXPECT_FALSE(with(4, 0.1, 200, 0.1));
  EXPECT_FALSE(with(4, 0.1, 1500, 1.0));
  EXPECT_FALSE(with(6000, 23, 1500, 0.1)) << "a fall that ends above what one answer for all loses";
  // A hundredfold fall of a huge initial loss is no fit.
  EXPECT_FALSE(with(4, 0.1, 1500, 0.1, 1.0));
}

TEST(Claims, PhasesAgreeWithThePublishedMapCellByCell) {
  // Comprehension where the published map has it, grokking left of it, memorisation right of it, confusion
  // above; `shift` moves the borders along the decoder rate, in decades.
  const auto with = [](double shift, bool confusion) {
    return judged("effective-theory-map", [=](std::size_t, const RunConfig& config) {
      const double rate = std::log10(config.optimizer.learning_rate) + shift;
      const double decay = config.optimizer.weight_decay;
      if (confusion && (decay > 8 || rate < -4.7 || (decay > 5 && rate > -3.3))) return Steps{-1, -1};
      if (rate < -4.1) return Steps{100, 2000};
      return rate < -3.5 ? Steps{100, 300} : Steps{100, -1};
    });
  };
  EXPECT_TRUE(with(0.0, true).holds) << with(0.0, true).measured;
  EXPECT_FALSE(with(1.5, true).holds) << with(1.5, true).measured;
  EXPECT_FALSE(with(0.0, false).holds) << "one phase never appears";
}

TEST(Claims, TheFourPhasesMustLieWhereTheyAreSaidToLie) {
  // More pairs and more decay help; from `confused` on nothing is learned.
  const auto with = [](double by_pairs, double by_decay, double confused) {
    return judged("grokking-is-a-phase", [=](std::size_t, const RunConfig& config) {
      const double decay = config.optimizer.weight_decay;
      if (decay >= confused) return Steps{-1, -1};
      const double easy =
          by_pairs * (config.task.train_fraction - 0.5) / 0.25 + by_decay * std::log10(decay / 0.2);
      if (easy < -0.6) return Steps{50, -1};
      return Steps{50, easy < 0.4 ? 2000 : 300};
    });
  };
  EXPECT_TRUE(with(1.0, 0.3, 10.0).holds) << with(1.0, 0.3, 10.0).explanation;
  EXPECT_FALSE(with(-1.0, 0.3, 10.0).holds) << "fewer pairs would be better";
  EXPECT_FALSE(with(1.0, -0.8, 10.0).holds) << "less decay would be better";
  EXPECT_FALSE(with(1.0, 0.3, 100.0).holds) << "no decay is too much";
  EXPECT_FALSE(with(0.2, 0.1, 10.0).holds) << "everything groks";
}

TEST(Claims, TheWaitMustGrowExponentiallyAsTheDataGetFewer) {
  const auto with = [](const std::function<double(double)>& test_steps, double memorising = 1.0) {
    return judged("power-fraction-curve", [=](std::size_t, const RunConfig& config) {
      const double fraction = config.task.train_fraction;
      const double steps = test_steps(fraction);
      return Steps{static_cast<std::int64_t>(50 * std::pow(memorising, (0.9 - fraction) / 0.6)),
                   std::isfinite(steps) ? static_cast<std::int64_t>(steps) : -1};
    });
  };
  const auto exponential = [](double fraction) { return 3000.0 * std::exp(-5.0 * (fraction - 0.3)); };
  const Judgement judgement = with(exponential);
  EXPECT_TRUE(judgement.holds) << judgement.explanation;
  EXPECT_NE(judgement.measured.find("5.1 % more), R² 1;"), std::string::npos) << judgement.measured;
  EXPECT_FALSE(with(exponential, 8.0).holds) << "memorising takes longer as well";
  EXPECT_FALSE(with([](double fraction) { return 4000.0 - 6000.0 * (fraction - 0.3); }).holds)
      << "a straight line";
  EXPECT_FALSE(with([](double fraction) { return 300.0 * std::exp(5.0 * (fraction - 0.3)); }).holds);
  EXPECT_FALSE(
      with([&](double fraction) { return fraction < 0.55 ? INFINITY : exponential(fraction); }).holds)
      << "four shares are too few";
  EXPECT_TRUE(
      with([&](double fraction) { return fraction < 0.45 ? INFINITY : exponential(fraction); }).holds);
}

TEST(Claims, RqiMustGoWithTestAccuracyAndComeFirst) {
  const auto with = [](bool follows, std::int64_t structured) {
    std::vector<TrainedRun> trained;
    for (const PlannedRun& run : claim("effective-theory-rqi").runs(ClaimSize::quick)) {
      const bool general = run.config.task.train_size > 30;
      trained.push_back(planted_run(run, 100, general ? 1000 : -1));
      for (std::int64_t step = 0; step <= 4000; step += 100) {
        Frame frame;
        frame.probe = "representation";
        frame.step = step;
        frame.scalars["rqi"] = (general || !follows) && step >= structured ? 1.0 : 0.2;
        trained.back().history.append(std::make_shared<const Frame>(frame));
      }
    }
    return claim("effective-theory-rqi").judge(trained, ClaimSize::quick).holds;
  };
  EXPECT_TRUE(with(true, 800));
  EXPECT_FALSE(with(false, 800));
  EXPECT_FALSE(with(true, 2000));
}

TEST(Claims, OnlyWeightDecayMayGeneralise) {
  const auto with = [](Steps decay, Steps noise) {
    return judged("power-regularisers", [=](std::size_t, const RunConfig& config) {
      if (config.optimizer.weight_noise > 0) return noise;
      return config.optimizer.weight_decay > 0 && config.optimizer.decay_towards == "zero" ? decay
                                                                                           : Steps{100, -1};
    });
  };
  EXPECT_TRUE(with({100, 2000}, {100, -1}).holds);
  EXPECT_FALSE(with({100, -1}, {100, -1}).holds);
  EXPECT_FALSE(with({100, 2000}, {100, 500}).holds);
  EXPECT_FALSE(with({100, 2000}, {100, 3000}).holds) << "later, but within the steps all the same";
}

TEST(Claims, AMedianCountsWhatDoesNotExistAgainstTheClaim) {
  const auto with = [](int late_seeds) {
    return judged("omnigrok-induce-mnist", [=](std::size_t, const RunConfig& config) {
      if (config.init.scale < 2) return Steps{200, 100};
      return config.seed < late_seeds ? Steps{200, 3000} : Steps{-1, 3000};
    });
  };
  EXPECT_TRUE(with(3).holds);
  EXPECT_FALSE(with(2).holds);
}

TEST(Claims, OrthogonalGradientsMustMakeTheDifference) {
  const auto with = [](Steps orthogonal, Steps plain) {
    return judged("prieto-orthograd", [=](std::size_t, const RunConfig& config) {
      return config.optimizer.orthogonal_gradient ? orthogonal : plain;
    });
  };
  EXPECT_TRUE(with({100, 120}, {100, -1}).holds);
  EXPECT_FALSE(with({100, 290}, {100, -1}).holds);
  EXPECT_FALSE(with({100, 120}, {100, 120}).holds);
  EXPECT_FALSE(with({100, 120}, {-1, -1}).holds);
}

TEST(Claims, GrokfastIsMeasuredAgainstABaselineThatMayNeverEnd) {
  const auto with = [](Steps baseline, Steps filtered) {
    return judged("grokfast-filter", [=](std::size_t, const RunConfig& config) {
      return config.optimizer.gradient_filter == "none" ? baseline : filtered;
    });
  };
  EXPECT_TRUE(with({100, 3000}, {100, 300}).holds);
  EXPECT_FALSE(with({100, 1000}, {100, 300}).holds);
  EXPECT_TRUE(with({100, -1}, {100, 300}).holds);
  EXPECT_FALSE(with({100, -1}, {100, 2000}).holds);  // 4 000 steps were not enough to know
  EXPECT_FALSE(with({100, 3000}, {100, -1}).holds);
}

/// Runs whose test and train error go through the given points, from the first to the last of 1 600 steps.
TrainedRun with_errors(const PlannedRun& run, std::vector<double> test, std::vector<double> train) {
  History history(run.config);
  const auto at = [](const std::vector<double>& errors, double share) {
    const double place = share * static_cast<double>(errors.size() - 1);
    const auto left = std::min(static_cast<std::size_t>(place), errors.size() - 2);
    return errors[left] + (place - static_cast<double>(left)) * (errors[left + 1] - errors[left]);
  };
  for (std::int64_t step = 0; step <= 1600; step += 16) {
    Evaluation e;
    e.step = step;
    e.test_accuracy = 1.0 - at(test, static_cast<double>(step) / 1600.0);
    e.train_accuracy = 1.0 - at(train, static_cast<double>(step) / 1600.0);
    history.append(e);
  }
  return {run, std::move(history), "steps"};
}

/// `test` and `train` give the final errors of a run; its best test error is `best`.
template <typename Error>
std::vector<TrainedRun> ended(std::string_view name, Error test, Error train, Error best) {
  std::vector<TrainedRun> trained;
  for (const PlannedRun& run : claim(name).runs(ClaimSize::quick)) {
    trained.push_back(
        with_errors(run, {0.9, best(run.config), test(run.config)}, {0.9, 0.5, train(run.config)}));
  }
  return trained;
}

using ErrorOf = std::function<double(const RunConfig&)>;

TEST(Claims, ADescentOverStepsMustFallRiseAndFallLower) {
  const auto judged_curve = [](const std::vector<double>& test) {
    std::vector<TrainedRun> trained;
    for (const PlannedRun& run : claim("dd-epochwise").runs(ClaimSize::quick))
      trained.push_back(with_errors(run, test, {0.9, 0.3, 0.1, 0.0, 0.0}));
    return claim("dd-epochwise").judge(trained, ClaimSize::quick);
  };
  EXPECT_TRUE(judged_curve({0.9, 0.15, 0.3, 0.1, 0.1}).holds);
  EXPECT_FALSE(judged_curve({0.9, 0.15, 0.3, 0.2, 0.2}).holds) << "not below the first minimum";
  EXPECT_FALSE(judged_curve({0.9, 0.15, 0.17, 0.1, 0.1}).holds) << "no rise";
}

TEST(Claims, APeakOverWidthsMustLieAtTheThreshold) {
  const ErrorOf peaked = [](const RunConfig& c) {
    return c.model.width == 4 ? 0.3 : c.model.width < 4 ? 0.2 : 0.4 / static_cast<double>(c.model.width);
  };
  const ErrorOf fits_at_4 = [](const RunConfig& c) { return c.model.width >= 4 ? 0.05 : 0.3; };
  const ErrorOf fits_at_12 = [](const RunConfig& c) { return c.model.width >= 12 ? 0.05 : 0.3; };
  const ErrorOf flat = [](const RunConfig&) { return 0.1; };
  const auto judge = [&](const ErrorOf& test, const ErrorOf& train) {
    return claim("dd-modelwise").judge(ended("dd-modelwise", test, train, flat), ClaimSize::quick);
  };
  EXPECT_TRUE(judge(peaked, fits_at_4).holds);
  EXPECT_FALSE(judge(peaked, fits_at_12).holds) << "the peak lies elsewhere";
  EXPECT_FALSE(judge(flat, fits_at_4).holds) << "no peak";
  const auto stopped = [&](const ErrorOf& best) {
    return claim("dd-early-stopping")
        .judge(ended("dd-early-stopping", peaked, fits_at_4, best), ClaimSize::quick);
  };
  EXPECT_TRUE(stopped(flat).holds);
  EXPECT_FALSE(stopped(peaked).holds) << "the best moment has the same peak";
}

TEST(Claims, SomeWidthMustNotProfitFromFourTimesTheData) {
  const ErrorOf helps = [](const RunConfig& c) { return 100.0 / static_cast<double>(c.task.train_size); };
  const ErrorOf stuck = [](const RunConfig& c) {
    return c.model.width == 6 ? 0.2 : 100.0 / static_cast<double>(c.task.train_size);
  };
  const auto judge = [&](const ErrorOf& test) {
    return claim("dd-samplewise").judge(ended("dd-samplewise", test, helps, helps), ClaimSize::quick);
  };
  EXPECT_TRUE(judge(stuck).holds);
  EXPECT_FALSE(judge(helps).holds);
}

TEST(Claims, NoiseMustMakeThePeakAndMoveItRight) {
  const auto peak_at = [](double noise_share, std::int64_t width) {
    return ErrorOf([=](const RunConfig& c) {
      const bool peak =
          c.task.label_noise > 0.0 && c.model.width == width + (c.task.label_noise > 0.15 ? 1 : 0);
      return 0.3 / std::sqrt(static_cast<double>(c.model.width)) +
             (peak ? noise_share * c.task.label_noise : 0.0);
    });
  };
  const ErrorOf flat = [](const RunConfig&) { return 0.1; };
  const auto judge = [&](const ErrorOf& test) {
    return claim("dd-label-noise").judge(ended("dd-label-noise", test, flat, flat), ClaimSize::quick);
  };
  EXPECT_TRUE(judge(peak_at(2.0, 4)).holds);
  EXPECT_FALSE(judge(flat).holds) << "noise makes no peak";
  EXPECT_FALSE(judge([](const RunConfig& c) { return c.model.width == 4 ? 0.5 : 0.1; }).holds)
      << "a peak without noise";
}

TEST(Claims, AtThePeakFeaturesMustBeWorseAndTheNetworkWorseStill) {
  const auto judge = [](double features_before, double features_at_peak) {
    std::vector<TrainedRun> trained;
    for (const PlannedRun& run : claim("two-speeds-double-descent").runs(ClaimSize::quick)) {
      TrainedRun one = with_errors(run, {0.9, 0.15, 0.3, 0.1, 0.1}, {0.9, 0.3, 0.1, 0.0, 0.0});
      for (const std::int64_t step : {32, 400, 416, 432, 768, 784, 800, 816, 832, 1200, 1600}) {
        const bool near_peak = step >= 768 && step <= 832;
        Frame frame;
        frame.probe = "layers";
        frame.step = step;
        frame.scalars["best_probe_test"] = 1.0 - (near_peak ? features_at_peak : features_before);
        one.history.append(std::make_shared<const Frame>(std::move(frame)));
      }
      trained.push_back(std::move(one));
    }
    return claim("two-speeds-double-descent").judge(trained, ClaimSize::quick);
  };
  EXPECT_TRUE(judge(0.05, 0.1).holds);
  EXPECT_FALSE(judge(0.1, 0.1).holds) << "the representation is as good as before";
  EXPECT_FALSE(judge(0.05, 0.29).holds) << "the readout is no worse than the representation";
}

TEST(Claims, GrokkingOverWidthsNeedsAllThreeKinds) {
  const auto judge = [](std::int64_t by_heart_from, std::int64_t understands_from,
                        std::int64_t worst_narrow = 0) {
    std::vector<TrainedRun> trained;
    for (const PlannedRun& run : claim("davies-modelwise-grokking").runs(ClaimSize::quick)) {
      const std::int64_t width = run.config.model.width;
      History history(run.config);
      Evaluation e;
      e.step = 900;
      e.train_accuracy = width < by_heart_from ? 0.5 : 1.0;
      e.test_accuracy = width < by_heart_from ? 0.4 : width < understands_from ? 0.1 : 1.0;
      e.test_loss = width < by_heart_from ? 2.0 : width < understands_from ? 12.0 : 0.1;
      if (width == worst_narrow) e.test_loss = 20.0;
      history.append(e);
      trained.push_back({run, std::move(history), "steps"});
    }
    return claim("davies-modelwise-grokking").judge(trained, ClaimSize::quick);
  };
  EXPECT_TRUE(judge(16, 64).holds);
  EXPECT_FALSE(judge(16, 1000).holds) << "none understands";
  EXPECT_FALSE(judge(1, 64).holds) << "even the narrowest knows its pairs by heart";
  EXPECT_FALSE(judge(16, 16).holds) << "none knows them by heart alone";
  EXPECT_FALSE(judge(16, 64, 8).holds) << "the highest loss is that of a network that cannot fit";
}

}  // namespace
}  // namespace grokscope
