// Chooses who computes a step. LibTorch's exceptions end here.
#include <exception>
#include <string>
#include <utility>

#include "base/memory.h"
#include "train/step/fused_conv_stepper.h"
#include "train/step/fused_list.h"
#include "train/step/fused_lstm_stepper.h"
#include "train/step/fused_mlp_stepper.h"
#include "train/step/fused_transformer_stepper.h"
#include "train/step/torch_steppers.h"

namespace grokscope {
namespace {

/// Settings that no fused core computes: what it does not do exactly is autograd's.
bool is_beyond_fused_cores(const RunConfig& config) {
  return config.model.dropout > 0.0 || config.loss.kind == "stablemax" || config.train.augmentation != "none";
}

const FusedStepperEntry* find_fused_stepper(const RunConfig& config, const Dataset& data,
                                            const StepperOptions& options) {
  if (is_beyond_fused_cores(config)) return nullptr;
  for (const FusedStepperEntry& entry : fused_steppers()) {
    if (entry.applies(config, data, options)) return &entry;
  }
  return nullptr;
}

Error no_fused_stepper_error() {
  std::string models;
  for (const FusedStepperEntry& entry : fused_steppers()) {
    models += (models.empty() ? "" : "; ") + std::string(entry.models);
  }
  if (models.empty()) models = "none in this build";
  return usage_error(
      "train.engine=fused does not support this model, loss and device (it supports: " + models +
      "; without dropout, stablemax and augmentation): use train.engine=auto or autograd");
}

Result<std::unique_ptr<Stepper>> choose_stepper(StepperParts parts) {
  const std::string& engine = parts.config.train.engine;
  if (engine != "auto" && engine != "fused" && engine != "autograd") {
    return usage_error("train.engine '" + engine + "' is unknown: use auto, fused or autograd");
  }
  const bool prefers_autograd = engine == "auto" && parts.options.preferred_engine == "autograd";
  if (engine == "autograd" || prefers_autograd)
    return torch_steppers().make_autograd_stepper(std::move(parts));
  const FusedStepperEntry* fused = find_fused_stepper(parts.config, *parts.data, parts.options);
  if (fused != nullptr) return fused->make(std::move(parts));
  if (engine == "fused") return no_fused_stepper_error();
  return torch_steppers().make_autograd_stepper(std::move(parts));
}

}  // namespace

std::span<const FusedStepperEntry> fused_steppers() {
  static const FusedStepperEntry list[] = {fused_transformer_entry(), fused_mlp_entry(), fused_lstm_entry(),
                                           fused_conv_entry()};
  return list;
}

Result<std::unique_ptr<Stepper>> make_stepper(StepperParts parts) {
  try {
    return choose_stepper(std::move(parts));
  } catch (const std::exception& error) {
    return failure("training could not be set up: " + reason_of(error));
  }
}

Result<std::unique_ptr<Stepper>> make_stepper(const RunConfig& config, std::shared_ptr<const Model> model,
                                              std::shared_ptr<const Dataset> data, at::Tensor initial_flat,
                                              const StepperOptions& options) {
  const Model& known = *model;
  return make_stepper(
      {config, std::move(model), known.layout(), std::move(data), std::move(initial_flat), options});
}

}  // namespace grokscope
