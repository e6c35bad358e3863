#include "claims/claim_configs.h"

#include <cmath>
#include <utility>

#include "config/presets.h"
#include "sweep/plan_json.h"

namespace grokscope {

RunConfig preset_config(std::string_view name) {
  const Preset* preset = find_preset(name);
  return preset == nullptr ? RunConfig{} : preset->config;
}

SweepPlan program_plan(const std::string& name) {
  auto plan = load_plan(name);
  return plan ? std::move(*plan) : SweepPlan{};
}

RunConfig small_transformer() {
  RunConfig config;
  config.task.operation = "+";
  config.task.modulus = 53;
  config.task.train_fraction = 0.4;
  config.model.kind = "transformer";
  config.model.width = 64;
  config.model.depth = 1;
  config.model.heads = 4;
  config.model.mlp_width = 256;
  config.init.kind = "nanda";
  config.optimizer.kind = "adamw";
  config.optimizer.learning_rate = 3e-3;
  config.optimizer.weight_decay = 0.9;
  config.optimizer.beta2 = 0.98;
  config.optimizer.warmup_steps = 10;
  config.train.batch_size = 0;
  config.train.steps = 10'000;
  config.train.eval_every = 10;
  return config;
}

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

std::vector<RunConfig> with_seeds(const RunConfig& config, std::int64_t seeds) {
  std::vector<RunConfig> configs(static_cast<std::size_t>(seeds), config);
  for (std::int64_t seed = 0; seed < seeds; ++seed) configs[static_cast<std::size_t>(seed)].seed = seed;
  return configs;
}

PlannedRun whole_run(RunConfig config) {
  PlannedRun run;
  run.config = std::move(config);
  return run;
}

std::vector<PlannedRun> runs_of(const SweepPlan& plan) {
  std::vector<PlannedRun> runs;
  runs.reserve(plan.runs());
  for (std::size_t run = 0; run < plan.runs(); ++run) runs.push_back(planned_run(plan, run));
  return runs;
}

PlannedRun run_until_test(RunConfig config, double level) {
  PlannedRun run = whole_run(std::move(config));
  run.until = text_of(Until{"test_accuracy", ">=", level});
  return run;
}

std::vector<double> powers_of_ten(double first, double last, int count) {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) values.push_back(std::pow(10.0, first + (last - first) * i / (count - 1)));
  return values;
}

}  // namespace grokscope
