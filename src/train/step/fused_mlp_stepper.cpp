#include "train/step/fused_mlp_stepper.h"

#include <string>
#include <utility>

#include "data/target_vectors.h"
#include "model/activation.h"
#include "train/kernels/mlp.h"
#include "train/kernels/pair_mlp.h"
#include "train/step/fused_stepper.h"

namespace grokscope {
namespace {

fused::MlpLayer mlp_layer(const ParameterLayout& layout, const std::string& name, std::int64_t in,
                          std::int64_t out) {
  return {offset_of(layout, name + ".W"), offset_of(layout, name + ".b"), in, out};
}

/// Gromov 2023: one-hot, x², no biases, logits times 1/(2pN).
fused::MlpPlan<float> quadratic_plan(const RunConfig& config, const Dataset& data,
                                     const ParameterLayout& layout) {
  const std::int64_t width = config.model.width;
  fused::MlpPlan<float> plan;
  plan.tokens = data.token_count;
  plan.layers = {mlp_layer(layout, "hidden", 2 * data.token_count, width),
                 mlp_layer(layout, "output", width, output_count(data, config.loss.kind))};
  plan.activation = Activation::quadratic;
  plan.output_scale = static_cast<float>(1.0 / (2.0 * static_cast<double>(data.token_count * width)));
  return plan;
}

template <typename Scalar>
fused::MlpPlan<Scalar> mlp_plan(const RunConfig& config, const Dataset& data, const ParameterLayout& layout) {
  const ModelConfig& model = config.model;
  fused::MlpPlan<Scalar> plan;
  std::int64_t in = 0;
  if (kind_of(data.inputs) != InputKind::pairs) {
    in = rows_of_numbers(data.inputs).size(1);
  } else {
    plan.tokens = data.token_count;
    plan.W_E = offset_of(layout, "embed.W_E");
    in = 2 * (model.input == "one_hot" ? data.token_count : model.embedding_width);
  }
  for (std::int64_t layer = 1; layer <= model.depth; ++layer, in = model.width)
    plan.layers.push_back(mlp_layer(layout, "hidden." + std::to_string(layer), in, model.width));
  plan.layers.push_back(mlp_layer(layout, "output", model.width, output_count(data, config.loss.kind)));
  plan.activation = *activation_from(model.activation);
  return plan;
}

template <typename Scalar>
void add_loss(const FusedParts<Scalar>& parts, fused::MlpPlan<Scalar>& plan) {
  plan.mean_squared_error = parts.config.loss.kind == "mse";
  plan.target_vectors = parts.target_vectors;
}

std::unique_ptr<fused::Core<float>> make_pair_core(const FusedParts<float>& parts) {
  const bool quadratic = parts.config.model.kind == "quadratic";
  fused::MlpPlan<float> plan = quadratic ? quadratic_plan(parts.config, parts.data, parts.layout)
                                         : mlp_plan<float>(parts.config, parts.data, parts.layout);
  add_loss(parts, plan);
  return std::make_unique<fused::PairMlp>(plan, parts.pairs, parts.threads);
}

template <typename Scalar>
std::unique_ptr<fused::Core<Scalar>> make_rows_core(const FusedParts<Scalar>& parts) {
  fused::MlpPlan<Scalar> plan = mlp_plan<Scalar>(parts.config, parts.data, parts.layout);
  add_loss(parts, plan);
  return std::make_unique<fused::FusedMlp<Scalar>>(plan, parts.images, parts.threads);
}

bool fused_mlp_applies(const RunConfig& config, const Dataset& data, const StepperOptions& options) {
  const std::string& kind = config.model.kind;
  const bool pairs = kind_of(data.inputs) == InputKind::pairs;
  const bool rows = kind_of(data.inputs) == InputKind::images || kind_of(data.inputs) == InputKind::features;
  if (options.cuda) return false;
  if (rows) return kind == "mlp";
  return pairs && !computes_in_double(config.train) && (kind == "mlp" || kind == "quadratic");
}

Result<std::unique_ptr<Stepper>> make_fused_mlp(StepperParts parts) {
  if (kind_of(parts.data->inputs) == InputKind::pairs)
    return make_fused_stepper(std::move(parts), make_pair_core);
  if (computes_in_double(parts.config.train))
    return make_fused_stepper(std::move(parts), make_rows_core<double>);
  return make_fused_stepper(std::move(parts), make_rows_core<float>);
}

}  // namespace

FusedStepperEntry fused_mlp_entry() {
  return {"MLPs and the quadratic network on the CPU, in float64 only MLPs on images and rows of numbers",
          fused_mlp_applies, make_fused_mlp};
}

}  // namespace grokscope
