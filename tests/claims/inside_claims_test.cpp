// The claims about what the inside knows first: their judges on planted histories that hold, and on others.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "claims/claims.h"
#include "history/forecast.h"

namespace grokscope {
namespace {

const Claim& claim(std::string_view name) {
  return **find_claim(name);
}

/// What one planted run has at a step.
struct Planted {
  double train = 1.0, test = 0.0, norm = 100.0;
  std::vector<std::tuple<std::string, std::string, double>> looks;  // probe, scalar, value
};

using Plant = std::function<Planted(const RunConfig& config, double step)>;

Judgement judged(std::string_view name, const Plant& plant, std::int64_t last) {
  std::vector<TrainedRun> trained;
  for (const PlannedRun& run : claim(name).runs(ClaimSize::quick)) {
    History history(run.config);
    for (std::int64_t step = 0; step <= last; step += last / 200) {
      const Planted at = plant(run.config, static_cast<double>(step));
      Evaluation evaluation;
      evaluation.step = step;
      evaluation.train_accuracy = at.train;
      evaluation.test_accuracy = at.test;
      evaluation.train_loss = evaluation.test_loss = 1.0;
      evaluation.weight_norm = at.norm;
      history.append(evaluation);
      std::map<std::string, std::map<std::string, double>> by_probe;
      for (const auto& [probe, scalar, value] : at.looks) by_probe[probe][scalar] = value;
      for (const auto& [probe, scalars] : by_probe) history.append(ProbeScalars{step, probe, scalars});
    }
    trained.push_back({run, std::move(history), "steps"});
  }
  return claim(name).judge(trained, ClaimSize::quick);
}

double sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

std::string last_hidden(const RunConfig& config, const char* scalar) {
  return "hidden." + std::to_string(config.model.depth) + scalar;
}

TEST(InsideClaims, TheRankFallsWithTheRise) {
  const auto plant = [](double rank_falls_at, double norm_pace) {
    return [=](const RunConfig& config, double step) {
      return Planted{
          step < 500 ? 0.5 : 1.0,
          0.1 + 0.8 * sigmoid((step - 5000.0) / 300.0),
          100.0 - 0.001 * step - (step > 5000 ? norm_pace * (step - 5000.0) : 0.0),
          {{"layers", last_hidden(config, ".rank"), 90.0 - 70.0 * sigmoid((step - rank_falls_at) / 300.0)}}};
    };
  };
  EXPECT_TRUE(judged("deep-rank-descent", plant(5500.0, 0.0), 20'000).holds);
  EXPECT_FALSE(judged("deep-rank-descent", plant(1e9, 0.0), 20'000).holds) << "no fall";
  EXPECT_FALSE(judged("deep-rank-descent", plant(600.0, 0.0), 20'000).holds) << "long before the rise";
  EXPECT_FALSE(judged("deep-rank-descent", plant(5500.0, 0.01), 20'000).holds) << "the norm marks the rise";
}

TEST(InsideClaims, DepthDelays) {
  const auto plant = [](double sign) {
    return [=](const RunConfig& config, double step) {
      const double depth = static_cast<double>(config.model.depth);
      return Planted{step >= 1000.0 + sign * 100.0 * depth ? 1.0 : 0.2,
                     step >= 3000.0 + sign * 300.0 * depth ? 0.8 : 0.1};
    };
  };
  EXPECT_TRUE(judged("deep-depth-delays", plant(1.0), 10'000).holds);
  EXPECT_FALSE(judged("deep-depth-delays", plant(-1.0), 10'000).holds);
}

TEST(InsideClaims, TwoStagesOfBoth) {
  const auto plant = [](double second) {
    return [=](const RunConfig& config, double step) {
      const double width = static_cast<double>(config.model.width);
      const double rank = 0.9 - 0.4 * sigmoid((step - 600.0) / 20.0) + 0.2 * sigmoid((step - 3000.0) / 50.0) -
                          0.5 * sigmoid((step - 9000.0) / 300.0);
      return Planted{1.0,
                     0.1 + 0.4 * sigmoid((step - 2000.0) / 50.0) + second * sigmoid((step - 9000.0) / 300.0),
                     100.0,
                     {{"layers", last_hidden(config, ".rank"), width * rank}}};
    };
  };
  EXPECT_TRUE(judged("deep-two-stage", plant(0.4), 20'000).holds);
  EXPECT_FALSE(judged("deep-two-stage", plant(0.0), 20'000).holds);
}

TEST(InsideClaims, ProbesOfAllLayersRise) {
  const auto plant = [](double gain_of_the_first) {
    return [=](const RunConfig& config, double step) {
      const double rise = sigmoid((step - 5000.0) / 300.0);
      Planted at{1.0, 0.1 + 0.8 * rise};
      for (std::int64_t layer = 1; layer <= config.model.depth; ++layer) {
        at.looks.emplace_back("layers", "hidden." + std::to_string(layer) + ".probe_test",
                              0.8 + (layer == 1 ? gain_of_the_first : 0.1) * rise);
      }
      return at;
    };
  };
  EXPECT_TRUE(judged("deep-probe-leads", plant(0.1), 10'000).holds);
  EXPECT_FALSE(judged("deep-probe-leads", plant(0.0), 10'000).holds);
}

TEST(InsideClaims, TheCriticalDimensionFallsGradually) {
  const auto plant = [](double falls_at) {
    return [=](const RunConfig&, double step) {
      return Planted{
          step < 100 ? 0.5 : 1.0,
          step >= 2000.0 ? 0.9 : 0.0,
          100.0,
          {{"geometry", "critical_dimension_test", 20.0 - 15.0 * sigmoid((step - falls_at) / 200.0)}}};
    };
  };
  EXPECT_TRUE(judged("two-speeds-gradual", plant(2000.0), 5000).holds);
  EXPECT_FALSE(judged("two-speeds-gradual", plant(4000.0), 5000).holds) << "after the onset";
  EXPECT_FALSE(judged("two-speeds-gradual", plant(900.0), 5000).holds) << "long before it";
}

TEST(InsideClaims, TheReadoutIsBiasedUntilTheOnset) {
  const auto plant = [](double after) {
    return [=](const RunConfig&, double step) {
      return Planted{step < 100 ? 0.5 : 1.0,
                     step >= 2000.0 ? 0.9 : 0.0,
                     100.0,
                     {{"kernel", "readout_train_bias", step < 2500.0 ? 0.3 : after}}};
    };
  };
  EXPECT_TRUE(judged("two-speeds-train-bias", plant(0.05), 5000).holds);
  EXPECT_FALSE(judged("two-speeds-train-bias", plant(0.25), 5000).holds);
}

TEST(InsideClaims, TheReadoutsGapOpensAndCloses) {
  const auto plant = [](double gap, double after) {
    return [=](const RunConfig&, double step) {
      const double test = step >= 8000.0 ? 0.85 : 0.15;
      return Planted{
          step < 1000 ? 0.5 : 1.0,
          test,
          100.0,
          {{"layers", "readout_gap", step < 8000.0 ? gap : after}, {"layers", "best_probe_test", 0.5}}};
    };
  };
  EXPECT_TRUE(judged("two-speeds-readout-gap", plant(0.4, 0.02), 20'000).holds);
  EXPECT_FALSE(judged("two-speeds-readout-gap", plant(0.05, 0.0), 20'000).holds);
  EXPECT_FALSE(judged("two-speeds-readout-gap", plant(0.4, 0.3), 20'000).holds);
}

TEST(InsideClaims, CapacityDipsFirst) {
  const auto plant = [](double dip) {
    return [=](const RunConfig&, double step) {
      const double capacity =
          0.06 - dip * sigmoid((step - 1000.0) / 100.0) + 0.1 * sigmoid((step - 12'000.0) / 500.0);
      return Planted{1.0,
                     0.1 + 0.7 * sigmoid((step - 10'000.0) / 500.0),
                     100.0,
                     {{"geometry", "mean_field_capacity_test", capacity}}};
    };
  };
  EXPECT_TRUE(judged("two-speeds-degradation", plant(0.01), 20'000).holds);
  EXPECT_FALSE(judged("two-speeds-degradation", plant(0.0), 20'000).holds);
}

TEST(InsideClaims, TheKernelMovesEarly) {
  const auto plant = [](double by_1000) {
    return [=](const RunConfig&, double step) {
      return Planted{1.0,
                     0.15,
                     100.0,
                     {{"kernel", "distance_from_start_test",
                       step >= 10'000.0 ? 0.15 : by_1000 * std::min(step, 1000.0) / 1000.0}}};
    };
  };
  EXPECT_TRUE(judged("kernel-moves-early", plant(0.13), 10'000).holds);
  EXPECT_FALSE(judged("kernel-moves-early", plant(0.05), 10'000).holds);
}

TEST(InsideClaims, EntropyWarnsAndTheCounterExampleDoesNotGeneralise) {
  const auto plant = [](double crosses_at, double counter_accuracy) {
    return [=](const RunConfig& config, double step) {
      const bool counter = config.model.kind == "mlp";
      return Planted{step < 100 ? 0.5 : 1.0,
                     counter          ? counter_accuracy
                     : step >= 2000.0 ? 1.0
                                      : 0.0,
                     100.0,
                     {{"entropy", "spectral", step >= crosses_at ? 0.58 : 0.8}}};
    };
  };
  EXPECT_TRUE(judged("entropy-warns", plant(1500.0, 0.0), 4000).holds);
  EXPECT_FALSE(judged("entropy-warns", plant(2500.0, 0.0), 4000).holds) << "too late";
  EXPECT_FALSE(judged("entropy-warns", plant(1500.0, 1.0), 4000).holds) << "a counter-example that groks";
}

TEST(InsideClaims, TheCommutatorWarns) {
  const auto plant = [](double grokking, double other) {
    return [=](const RunConfig& config, double step) {
      const bool decays = config.optimizer.weight_decay > 0.0;
      return Planted{step < 100 ? 0.5 : 1.0,
                     decays && step >= 2000.0 ? 1.0 : 0.0,
                     100.0,
                     {{"commutator", "defect", step >= 1000.0 ? (decays ? grokking : other) : 3.0}}};
    };
  };
  EXPECT_TRUE(judged("commutator-warns", plant(900.0, 60.0), 3000).holds);
  EXPECT_FALSE(judged("commutator-warns", plant(900.0, 600.0), 3000).holds) << "others as much";
  EXPECT_FALSE(judged("commutator-warns", plant(25.0, 3.0), 3000).holds) << "no onset";
}

}  // namespace
}  // namespace grokscope
