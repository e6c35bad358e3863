#include "train/step/fused_conv_stepper.h"

#include <utility>

#include "data/target_vectors.h"
#include "model/cnn1d_shape.h"
#include "train/kernels/conv_net.h"
#include "train/step/fused_stepper.h"

namespace grokscope {
namespace {

fused::ConvPlan conv_plan(const FusedParts<float>& parts) {
  Cnn1dShape shape = *cnn1d_shape(parts.config, parts.data);  // the network was made of the same
  ParameterLayout parameters, buffers;
  add_cnn1d_parameters(parts.config, shape, parameters);
  add_cnn1d_buffers(shape, buffers);
  const auto weight = [&](int index) { return parameters.specs()[static_cast<std::size_t>(index)].offset; };
  const auto buffer = [&](int index) { return buffers.specs()[static_cast<std::size_t>(index)].offset; };
  fused::ConvPlan plan;
  for (const Cnn1dBlock& block : shape.blocks) {
    plan.layers.push_back({weight(block.W), weight(block.gain), weight(block.shift), buffer(block.mean),
                           buffer(block.variance), block.in, block.out, block.positions, block.window});
  }
  plan.output = {weight(shape.output_W), weight(shape.output_b), shape.features, shape.classes};
  plan.length = shape.length;
  plan.buffers = buffers.total();
  plan.momentum = kBatchNormMomentum;
  plan.epsilon = kBatchNormEpsilon;
  plan.mean_squared_error = parts.config.loss.kind == "mse";
  return plan;
}

std::unique_ptr<fused::Core<float>> make_conv_core(const FusedParts<float>& parts) {
  return std::make_unique<fused::ConvNet>(conv_plan(parts), parts.images, parts.threads);
}

bool fused_conv_applies(const RunConfig& config, const Dataset& data, const StepperOptions& options) {
  return !options.cuda && config.model.kind == "cnn1d" && kind_of(data.inputs) == InputKind::features &&
         !computes_in_double(config.train) && !compares_vectors(data, config.loss.kind);
}

Result<std::unique_ptr<Stepper>> make_fused_conv(StepperParts parts) {
  return make_fused_stepper(std::move(parts), make_conv_core);
}

}  // namespace

FusedStepperEntry fused_conv_entry() {
  return {"the convolutional network on rows of numbers on the CPU in float32", fused_conv_applies,
          make_fused_conv};
}

}  // namespace grokscope
