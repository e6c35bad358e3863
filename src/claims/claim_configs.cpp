#include "claims/claim_configs.h"

#include <cmath>
#include <utility>

#include "config/presets.h"

namespace grokscope {

RunConfig preset_config(std::string_view name) {
  const Preset* preset = find_preset(name);
  return preset == nullptr ? RunConfig{} : preset->config;
}

RunConfig teacher_student_config() {
  RunConfig config;
  config.task.kind = "teacher_student";
  config.task.examples = 200;
  config.task.train_fraction = 0.5;
  config.task.tolerance = 1e-3;  // as in the authors' code; the text says 0.01
  config.model.kind = "mlp";
  config.model.width = 100;
  config.model.depth = 2;
  config.model.activation = "tanh";
  config.init.kind = "torch";
  config.loss.kind = "mse";
  config.optimizer.kind = "adamw";
  config.optimizer.learning_rate = 3e-4;
  config.optimizer.weight_decay = 0.0;
  config.optimizer.beta2 = 0.999;
  config.optimizer.warmup_steps = 0;
  config.train.eval_every = 50;
  return config;
}

RunConfig mnist_config(std::int64_t train_size) {
  RunConfig config;
  config.task.kind = "images";
  config.task.path = "mnist";
  config.task.train_size = train_size;
  config.model.kind = "mlp";
  config.model.width = 200;
  config.model.depth = 2;
  config.init.kind = "torch";
  config.loss.kind = "mse";
  config.optimizer.kind = "adamw";
  config.optimizer.learning_rate = 1e-3;
  config.optimizer.weight_decay = 0.0;
  config.optimizer.beta2 = 0.999;
  config.optimizer.warmup_steps = 0;
  return config;
}

PoolRun pool_run(RunConfig config) {
  PoolRun run;
  run.config = std::move(config);
  return run;
}

PoolRun run_until_test(RunConfig config, double level) {
  PoolRun run = pool_run(std::move(config));
  run.until = Until{"test_accuracy", ">=", level};
  return run;
}

std::vector<double> powers_of_ten(double first, double last, int count) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(std::pow(10.0, first + (last - first) * i / (count - 1)));
  return values;
}

}  // namespace grokscope
