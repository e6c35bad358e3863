#include "train/step/update_rule.h"

#include <algorithm>
#include <cmath>

namespace grokscope {

bool decays_weights(OptimizerKind kind) {
  return kind == OptimizerKind::adamw || kind == OptimizerKind::muon;
}

Result<OptimizerKind> optimizer_kind_from(const std::string& name) {
  if (name == "sgd") return OptimizerKind::sgd;
  if (name == "adam") return OptimizerKind::adam;
  if (name == "adamw") return OptimizerKind::adamw;
  if (name == "muon") return OptimizerKind::muon;
  return usage_error("optimizer.kind '" + name + "' is unknown: use sgd, adam, adamw or muon");
}

double warmup_factor(std::int64_t step, std::int64_t warmup_steps) {
  if (warmup_steps <= 0) return 1.0;
  return std::min(static_cast<double>(step) / static_cast<double>(warmup_steps), 1.0);
}

double schedule_factor(std::int64_t step, const OptimizerConfig& config) {
  if (config.schedule != "inverse_sqrt" || config.schedule_steps <= 0) return 1.0;
  const std::int64_t stairs = step / config.schedule_steps;  // whole ones
  return 1.0 / std::sqrt(1.0 + static_cast<double>(stairs));
}

double rate_factor(std::int64_t step, const OptimizerConfig& config) {
  return warmup_factor(step, config.warmup_steps) * schedule_factor(step, config);
}

UpdateRule update_rule(const OptimizerConfig& config, std::int64_t step) {
  UpdateRule rule;
  if (const auto kind = optimizer_kind_from(config.kind)) rule.kind = *kind;
  const auto t = static_cast<double>(step + 1);
  rule.rate = config.learning_rate * rate_factor(step, config);
  rule.weight_decay = config.weight_decay;
  rule.beta1 = config.beta1;
  rule.beta2 = config.beta2;
  rule.epsilon = config.epsilon;
  rule.momentum = config.momentum;
  rule.correction1 = 1.0 - std::pow(config.beta1, t);
  rule.correction2 = 1.0 - std::pow(config.beta2, t);
  return rule;
}

}  // namespace grokscope
