#include "train/step/fused_transformer_stepper.h"

#include <utility>

#include "data/target_vectors.h"
#include "model/activation.h"
#include "train/kernels/transformer.h"
#include "train/step/fused_stepper.h"

namespace grokscope {
namespace {

constexpr std::int64_t kMostFusedHeads = 64;

fused::TransformerPlan transformer_plan(const RunConfig& config, const Dataset& data,
                                        const ParameterLayout& layout) {
  const auto at = [&](const std::string& name) { return offset_of(layout, name); };
  const std::string block = "blocks.0.";
  fused::TransformerPlan plan;
  plan.tokens = data.token_count;
  plan.classes = data.class_count;
  plan.width = config.model.width;
  plan.heads = config.model.heads;
  plan.mlp = config.model.mlp_width;
  plan.activation = *activation_from(config.model.activation);
  plan.mean_squared_error = config.loss.kind == "mse";
  plan.W_E = at("embed.W_E");
  plan.W_pos = at("embed.W_pos");
  plan.W_Q = at(block + "attention.W_Q");
  plan.W_K = at(block + "attention.W_K");
  plan.W_V = at(block + "attention.W_V");
  plan.W_O = at(block + "attention.W_O");
  plan.W_in = at(block + "mlp.W_in");
  plan.b_in = at(block + "mlp.b_in");
  plan.W_out = at(block + "mlp.W_out");
  plan.b_out = at(block + "mlp.b_out");
  plan.W_U = at("unembed.W_U");
  return plan;
}

std::unique_ptr<fused::Core<float>> make_transformer_core(const FusedParts<float>& parts) {
  return std::make_unique<fused::FusedTransformer>(transformer_plan(parts.config, parts.data, parts.layout),
                                                   parts.pairs, parts.threads);
}

bool fused_transformer_applies(const RunConfig& config, const Dataset& data, const StepperOptions& options) {
  const ModelConfig& model = config.model;
  return !options.cuda && kind_of(data.inputs) == InputKind::pairs && model.kind == "transformer" &&
         model.depth == 1 && model.normalisation == "none" && model.sequence == "a_b_equals" &&
         model.positions == "learned" && model.heads <= kMostFusedHeads &&
         !compares_vectors(data, config.loss.kind) && !computes_in_double(config.train);
}

Result<std::unique_ptr<Stepper>> make_fused_transformer(StepperParts parts) {
  return make_fused_stepper(std::move(parts), make_transformer_core);
}

}  // namespace

FusedStepperEntry fused_transformer_entry() {
  return {"the one-layer transformer without LayerNorm, sequence a_b_equals, learned positions, on the CPU",
          fused_transformer_applies, make_fused_transformer};
}

}  // namespace grokscope
