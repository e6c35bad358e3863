// Drawn training curves for the tests of phases and exports.
#pragma once

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "history/history.h"

namespace grokscope {

/// 0 before `begin`, 1 from `end` on, a straight line between.
inline double ramp(double step, double begin, double end) {
  return std::clamp((step - begin) / (end - begin), 0.0, 1.0);
}

inline void add(History& history, std::int64_t step, double train, double test, double norm = 30.0) {
  Evaluation e;
  e.step = step;
  e.elapsed_s = static_cast<double>(step) * 1e-3;
  e.train_accuracy = train;
  e.test_accuracy = test;
  e.train_loss = 2.0 - train;
  e.test_loss = 3.0 - test;
  e.weight_norm = norm;
  e.train_count = 1000;
  e.test_count = 1500;
  history.append(e);
}

/// Memorised at 90, rises from 600, above 0.99 at 1000; the norm falls from 90 on.
inline History grokking_run(std::int64_t until = 2000) {
  History history{RunConfig{}};
  for (std::int64_t step = 0; step <= until; step += 10) {
    const double x = static_cast<double>(step);
    add(history, step, ramp(x, 0, 90), std::min(1.0, 0.02 + 0.98 * ramp(x, 600, 1000)),
        40.0 - 20.0 * ramp(x, 90, 2000));
  }
  return history;
}

inline History noisy_grokking_run(int seed) {
  RandomStream random(static_cast<std::uint64_t>(seed), "noise");
  History history{RunConfig{}};
  for (std::int64_t step = 0; step <= 2000; step += 10) {
    const double x = static_cast<double>(step);
    const double test = 0.05 + 0.95 * ramp(x, 700, 1300) + 0.03 * random.normal() * (x < 1350 ? 1 : 0.05);
    const double train = ramp(x, 0, 90) - (random.below(30) == 0 ? 0.02 : 0.0);
    add(history, step, std::clamp(train, 0.0, 1.0), std::clamp(test, 0.0, 1.0));
  }
  return history;
}

/// Everything collapses for four evaluations now and then, and comes back.
inline History slingshot_run() {
  History history{RunConfig{}};
  for (std::int64_t step = 0; step <= 4000; step += 10) {
    const double x = static_cast<double>(step);
    const bool spike = step > 200 && step % 700 < 40;
    add(history, step, spike ? 0.4 : ramp(x, 0, 90), spike ? 0.02 : 0.02 + 0.98 * ramp(x, 900, 1500));
  }
  return history;
}

/// Grokked at 1000; at 2000 the training fraction is lowered, and the rest is lost.
inline History ungrok_run() {
  History history{RunConfig{}};
  Event event{2000, "set", Json::object()};
  event.detail["field"] = "task.train_fraction";
  event.detail["value"] = 0.3;
  for (std::int64_t step = 0; step <= 4000; step += 10) {
    const double x = static_cast<double>(step);
    if (step == 2000) history.append(event);
    add(history, step, ramp(x, 0, 90), 0.02 + 0.98 * (ramp(x, 600, 1000) - ramp(x, 2300, 2900)));
  }
  return history;
}

/// What `grokscope run quickstart` (seed 0, two threads) measured on 2026-11-22, thinned: after memorising at
/// 80 test accuracy creeps from 25 to 45 % for 1500 steps, then jumps.
inline History creeping_run() {
  struct Point {
    std::int64_t step;
    double train, test;
  };
  constexpr Point kMeasured[] = {
      {0, 0.025, 0.017},  {10, 0.034, 0.014}, {20, 0.058, 0.006}, {30, 0.104, 0.007}, {50, 0.34, 0.02},
      {70, 0.805, 0.125}, {90, 1, 0.236},     {110, 1, 0.263},    {130, 1, 0.276},    {150, 1, 0.284},
      {170, 1, 0.292},    {190, 1, 0.303},    {210, 1, 0.311},    {230, 1, 0.317},    {260, 1, 0.324},
      {290, 1, 0.33},     {320, 1, 0.337},    {350, 1, 0.346},    {380, 1, 0.352},    {410, 1, 0.356},
      {440, 1, 0.359},    {480, 1, 0.367},    {520, 1, 0.371},    {560, 1, 0.374},    {600, 1, 0.378},
      {640, 1, 0.381},    {690, 1, 0.388},    {740, 1, 0.393},    {790, 1, 0.393},    {840, 1, 0.399},
      {900, 1, 0.404},    {960, 1, 0.406},    {1020, 1, 0.409},   {1080, 1, 0.412},   {1150, 1, 0.42},
      {1220, 1, 0.424},   {1290, 1, 0.431},   {1370, 1, 0.435},   {1450, 1, 0.443},   {1540, 1, 0.453},
      {1630, 1, 0.467},   {1730, 1, 0.489},   {1830, 1, 0.514},   {1940, 1, 0.546},   {2050, 1, 0.59},
      {2170, 1, 0.639},   {2290, 1, 0.69},    {2420, 1, 0.767},   {2550, 1, 0.867},   {2690, 1, 0.937},
      {2840, 1, 0.985},   {3000, 1, 0.999},   {3160, 1, 1},       {3330, 1, 1},       {3510, 1, 1},
      {3700, 1, 1},       {3900, 1, 1}};
  History history{RunConfig{}};
  for (const Point& point : kMeasured) add(history, point.step, point.train, point.test);
  return history;
}

}  // namespace grokscope
