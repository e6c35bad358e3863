#include "train/step/fused_lstm_stepper.h"

#include <string>
#include <utility>

#include "train/kernels/lstm.h"
#include "train/step/fused_stepper.h"

namespace grokscope {
namespace {

fused::LstmPlan lstm_plan(const RunConfig& config, const Dataset& data, const ParameterLayout& layout) {
  const auto at = [&](const std::string& name) { return offset_of(layout, name); };
  fused::LstmPlan plan;
  plan.words = data.token_count;
  plan.positions = inputs_as<TextInputs>(data.inputs).tokens.size(1);
  plan.embedding_width = config.model.embedding_width;
  plan.width = config.model.width;
  plan.W_E = at("embed.W_E");
  for (std::int64_t layer = 1; layer <= config.model.depth; ++layer) {
    const std::string name = "lstm." + std::to_string(layer);
    plan.layers.push_back(
        {at(name + ".W_input"), at(name + ".W_hidden"), at(name + ".b_input"), at(name + ".b_hidden")});
  }
  plan.W_out = at("output.W");
  plan.b_out = at("output.b");
  return plan;
}

std::unique_ptr<fused::Core<float>> make_lstm_core(const FusedParts<float>& parts) {
  return std::make_unique<fused::FusedLstm>(lstm_plan(parts.config, parts.data, parts.layout), parts.texts,
                                            parts.threads);
}

bool fused_lstm_applies(const RunConfig& config, const Dataset& data, const StepperOptions& options) {
  return !options.cuda && kind_of(data.inputs) == InputKind::text && config.model.kind == "lstm" &&
         !computes_in_double(config.train);
}

Result<std::unique_ptr<Stepper>> make_fused_lstm(StepperParts parts) {
  return make_fused_stepper(std::move(parts), make_lstm_core);
}

}  // namespace

FusedStepperEntry fused_lstm_entry() {
  return {"the LSTM on texts, on the CPU", fused_lstm_applies, make_fused_lstm};
}

}  // namespace grokscope
