// The adder against its formula, and where its weights start.
#include <gtest/gtest.h>

#include "model/toy.h"

namespace grokscope {
namespace {

RunConfig adder_config() {
  RunConfig config;
  config.model.kind = "adder";
  config.model.activation = "tanh";
  config.model.embedding_width = 3;
  config.model.width = 7;
  config.model.depth = 2;
  return config;
}

TEST(Adder, DecodesTheSumOfTwoVectors) {
  const Dataset data = toy::with_vectors(toy::pairs_dataset(5, 6), 4);
  RunConfig config = adder_config();
  for (const char* loss : {"cross_entropy", "mse"}) {
    config.loss.kind = loss;
    const auto model = toy::model_of(config, data);
    const ParameterViews views = views_of(model->layout(), toy::shaken_parameters(*model, 4));
    const at::Tensor found = model->forward(views, toy::whole(data));
    const at::Tensor W_E = toy::named(*model, views, "embed.W_E");
    at::Tensor x = W_E.index_select(0, inputs_as<PairInputs>(data.inputs).pairs.select(1, 0)) +
                   W_E.index_select(0, inputs_as<PairInputs>(data.inputs).pairs.select(1, 1));
    for (const std::string layer : {"hidden.1", "hidden.2", "output"}) {
      x = at::matmul(x, toy::named(*model, views, layer + ".W")) + toy::named(*model, views, layer + ".b");
      if (layer != "output") x = at::tanh(x);
    }
    EXPECT_EQ(found.size(1), loss == std::string("mse") ? 4 : 6);
    EXPECT_LT((found - x).abs().max().item<double>(), 1e-12);
    EXPECT_TRUE(model->readable(views).token_embedding.is_alias_of(W_E));
  }
}

TEST(Adder, VectorsStartUniformAroundZeroAndTheDecoderAsPyTorchDoes) {
  RunConfig config = adder_config();
  config.model.embedding_width = 50;
  config.init.scale = 2.0;
  const Dataset data = toy::pairs_dataset(40, 5);
  const auto model = toy::model_of(config, data);
  const ParameterViews views = views_of(model->layout(), model->initial_parameters(1));
  const at::Tensor W_E = toy::named(*model, views, "embed.W_E").to(at::kDouble) / 2.0;
  EXPECT_LE(W_E.abs().max().item<double>(), 0.5);
  EXPECT_GT(W_E.abs().max().item<double>(), 0.49);
  EXPECT_NEAR(W_E.square().mean().item<double>(), 1.0 / 12.0, 0.005);
  const at::Tensor W = toy::named(*model, views, "hidden.1.W").to(at::kDouble) / 2.0;
  EXPECT_LE(W.abs().max().item<double>(), 1.0 / std::sqrt(50.0));
  EXPECT_GT(W.abs().max().item<double>(), 0.95 / std::sqrt(50.0));
}

TEST(Adder, ReadsPairsOnly) {
  const auto model = make_model(adder_config(), toy::images_dataset());
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.error().exit_code(), 2);
}

}  // namespace
}  // namespace grokscope
