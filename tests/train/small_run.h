// A run small enough for a test, and what it published. Test helper.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "history/interventions/rescale_norm.h"
#include "history/interventions/set.h"
#include "train/loop/trainer.h"

namespace grokscope {

inline RunConfig small_config(std::int64_t steps = 60) {
  RunConfig config;
  config.task.modulus = 11;
  config.task.train_fraction = 0.5;
  config.model.width = 16;
  config.model.heads = 2;
  config.model.mlp_width = 32;
  config.train.steps = steps;
  config.train.eval_every = 10;
  config.seed = 3;
  return config;
}

inline Event set_event(std::int64_t step, const std::string& field, Json value) {
  return {step, "set", {{"field", field}, {"value", std::move(value)}}};
}

struct RecordedRun {
  Result<StopReason> outcome = StopReason::interrupted;
  std::vector<Evaluation> evaluations;
  std::vector<Evaluation> previews;
  std::vector<Event> events;
  std::vector<FramePtr> frames;
  std::vector<std::pair<std::int64_t, TensorFile>> checkpoints;

  const Evaluation* at(std::int64_t step) const {
    for (const Evaluation& evaluation : evaluations) {
      if (evaluation.step == step) return &evaluation;
    }
    return nullptr;
  }
  std::vector<Event> events_of(const std::string& kind) const {
    std::vector<Event> found;
    for (const Event& event : events) {
      if (event.kind == kind) found.push_back(event);
    }
    return found;
  }
};

inline TrainerOptions without_probes() {
  TrainerOptions options;
  options.threads = 1;
  options.probes = false;
  return options;
}

/// Trains on the calling thread with these commands already waiting.
inline RecordedRun train_here(const RunConfig& config, const TrainerOptions& options = without_probes(),
                              const std::vector<Command>& commands = {}) {
  BoundedQueue<Command> waiting(64);
  for (const Command& command : commands) waiting.push(command);
  BoundedQueue<Published> published(1'000'000);
  FrameQueue frames(1'000'000);
  RecordedRun run;
  TrainerPorts ports;
  ports.commands = &waiting;
  ports.published = &published;
  ports.frames = &frames;
  ports.checkpoints = true;
  run.outcome = run_training(config, options, ports, {});
  while (auto item = published.try_pop()) {
    if (auto* evaluation = std::get_if<Evaluation>(&item->what)) {
      run.evaluations.push_back(*evaluation);
    } else if (auto* checkpoint = std::get_if<Checkpoint>(&item->what)) {
      run.checkpoints.emplace_back(checkpoint->step, std::move(checkpoint->contents));
    } else if (auto* preview = std::get_if<Preview>(&item->what)) {
      run.previews.push_back(preview->now);
    } else {
      run.events.push_back(std::get<Event>(item->what));
    }
  }
  while (auto frame = frames.try_pop()) run.frames.push_back(std::move(*frame));
  return run;
}

/// Every number but the time, bit for bit; NaN equals NaN.
inline void expect_same_numbers(const std::vector<Evaluation>& a, const std::vector<Evaluation>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t line = 0; line < a.size(); ++line) {
    ASSERT_EQ(a[line].step, b[line].step);
    for (const MetricColumn& column : metric_columns()) {
      const double x = column.get(a[line]), y = column.get(b[line]);
      if (x != x && y != y) continue;
      EXPECT_EQ(std::memcmp(&x, &y, sizeof x), 0)
          << column.name << " at step " << a[line].step << ": " << x << " " << y;
    }
  }
}

}  // namespace grokscope
