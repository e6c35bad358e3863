#include "claims/claim_configs.h"

#include <cmath>
#include <utility>

#include "config/presets.h"

namespace grokscope {

RunConfig preset_config(std::string_view name) {
  const Preset* preset = find_preset(name);
  return preset == nullptr ? RunConfig{} : preset->config;
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
