// A blueprint is the model without the model: the same parameters, the same first values, the same errors.
#include "model/blueprint.h"

#include <gtest/gtest.h>

#include "model/toy.h"
#include "model/toy_real_data.h"

namespace grokscope {
namespace {

void expect_the_models_blueprint(const RunConfig& config, const Dataset& data) {
  const auto model = make_model(config, data);
  const auto blueprint = find_blueprint(config, data);
  ASSERT_TRUE(blueprint.has_value()) << config.model.kind;
  ASSERT_EQ(static_cast<bool>(*blueprint), static_cast<bool>(model)) << config.model.kind;
  if (!model) {
    EXPECT_EQ(blueprint->error().message, model.error().message);
    return;
  }
  const auto& [layout, init] = **blueprint;
  const auto &drawn = layout.specs(), &built = (*model)->layout().specs();
  ASSERT_EQ(drawn.size(), built.size());
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    EXPECT_EQ(drawn[i].name, built[i].name);
    EXPECT_EQ(drawn[i].shape, built[i].shape);
    EXPECT_EQ(drawn[i].offset, built[i].offset);
  }
  EXPECT_TRUE(at::equal(draw_parameters(layout, init, 5), (*model)->initial_parameters(5)));
}

TEST(Blueprint, OfEveryArchitectureOnPairs) {
  const Dataset pairs = toy::pairs_dataset(7, 7);
  for (const char* kind : {"transformer", "mlp", "quadratic"}) {
    for (const char* scheme : {"default", "nanda", "gromov", "wrong"}) {
      RunConfig config;
      config.model.kind = kind;
      config.model.width = 16;
      config.model.heads = 2;
      config.model.depth = 2;
      config.init.kind = scheme;
      config.init.scale = 2.0;
      expect_the_models_blueprint(config, pairs);
      config.model.input = "one_hot";
      config.model.sequence = "power";
      config.model.normalisation = "pre";
      config.model.bias = !config.model.bias;
      expect_the_models_blueprint(config, pairs);
      expect_the_models_blueprint(config, toy::images_dataset());
    }
  }
}

TEST(Blueprint, OfTheLstm) {
  RunConfig config = toy::lstm_config();
  expect_the_models_blueprint(config, toy::text_dataset());
  config.loss.kind = "mse";
  expect_the_models_blueprint(config, toy::text_dataset());
}

TEST(Blueprint, NoneOfWhatOnlyLibTorchRuns) {
  RunConfig config;
  for (const char* kind : {"adder", "graph", "perceptron"}) {
    config.model.kind = kind;
    EXPECT_FALSE(find_blueprint(config, toy::pairs_dataset(5, 5)).has_value()) << kind;
  }
}

}  // namespace
}  // namespace grokscope
