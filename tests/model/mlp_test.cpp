// The MLPs and the quadratic network equal their textbook formulas.
#include <gtest/gtest.h>

#include "model/toy.h"

namespace grokscope {
namespace {

at::Tensor one_hot_inputs(const Dataset& data) {
  const at::Tensor left =
      at::one_hot(inputs_as<PairInputs>(data.inputs).pairs.select(1, 0), data.token_count);
  const at::Tensor right =
      at::one_hot(inputs_as<PairInputs>(data.inputs).pairs.select(1, 1), data.token_count);
  return at::cat({left, right}, 1).to(at::kDouble);
}

at::Tensor plain_mlp(const Model& model, const ParameterViews& views, at::Tensor x, std::int64_t depth,
                     bool bias) {
  for (std::int64_t i = 1; i <= depth; ++i) {
    const std::string layer = "hidden." + std::to_string(i);
    x = at::matmul(x, toy::named(model, views, layer + ".W"));
    if (bias) x = x + toy::named(model, views, layer + ".b");
    x = at::tanh(x);
  }
  x = at::matmul(x, toy::named(model, views, "output.W"));
  return bias ? x + toy::named(model, views, "output.b") : x;
}

TEST(Mlp, OneHotTablesEqualTheMatrixProduct) {
  const Dataset data = toy::pairs_dataset(5, 4);
  for (const bool bias : {true, false}) {
    RunConfig config = toy::mlp_config("one_hot");
    config.model.depth = 2;
    config.model.bias = bias;
    const auto model = toy::model_of(config, data);
    const ParameterViews views = views_of(model->layout(), toy::shaken_parameters(*model, 2));
    const at::Tensor plain = plain_mlp(*model, views, one_hot_inputs(data), 2, bias);
    EXPECT_LT(toy::relative_difference(model->forward(views, toy::whole(data)), plain), 1e-13);
  }
}

TEST(Mlp, EmbeddingTablesEqualTheConcatenation) {
  const Dataset data = toy::pairs_dataset(5, 4);
  RunConfig config = toy::mlp_config("embedding");
  const auto model = toy::model_of(config, data);
  const ParameterViews views = views_of(model->layout(), toy::shaken_parameters(*model, 2));
  const at::Tensor W_E = toy::named(*model, views, "embed.W_E");
  const at::Tensor x = at::cat({W_E.index({inputs_as<PairInputs>(data.inputs).pairs.select(1, 0)}),
                                W_E.index({inputs_as<PairInputs>(data.inputs).pairs.select(1, 1)})},
                               1);
  Taps taps;
  const at::Tensor logits = model->forward(views, toy::whole(data), &taps);
  EXPECT_LT(toy::relative_difference(logits, plain_mlp(*model, views, x, 1, true)), 1e-13);
  ASSERT_EQ(taps.size(), 2u);
  EXPECT_EQ(taps[0].name, "embedding");
  EXPECT_TRUE(at::equal(taps[0].activation, x));
  EXPECT_EQ(taps[1].name, "hidden.1");
}

TEST(Mlp, ImagesGoThroughEveryLayer) {
  const Dataset data = toy::images_dataset();
  RunConfig config = toy::mlp_config("embedding");
  config.model.depth = 3;
  const auto model = toy::model_of(config, data);
  const ParameterViews views = views_of(model->layout(), toy::shaken_parameters(*model, 2));
  const at::Tensor plain = plain_mlp(*model, views, rows_of_numbers(data.inputs).to(at::kDouble), 3, true);
  EXPECT_LT(toy::relative_difference(model->forward(views, toy::whole(data)), plain), 1e-13);
  EXPECT_EQ(model->readable(views).first_layer.sizes(), (at::IntArrayRef{9, 6}));  // (hidden, pixel)
}

TEST(Mlp, ActivationsAreTheNamedOnes) {
  const Dataset data = toy::pairs_dataset(3, 3);
  const at::Tensor inputs = one_hot_inputs(data);
  const auto tapped = [&](const std::string& activation) {
    RunConfig config = toy::mlp_config("one_hot");
    config.model.activation = activation;
    const auto model = toy::model_of(config, data);
    const ParameterViews views = views_of(model->layout(), toy::shaken_parameters(*model, 2));
    Taps taps;
    model->forward(views, toy::whole(data), &taps);
    return std::pair(at::matmul(inputs, views[0]) + views[1], taps[0].activation);
  };
  const auto expect_equal = [](const at::Tensor& a, const at::Tensor& b) {
    EXPECT_LT(toy::relative_difference(a, b), 1e-14);
  };
  auto [x, y] = tapped("relu");
  expect_equal(y, x.clamp_min(0.0));
  std::tie(x, y) = tapped("gelu");
  expect_equal(y, x * 0.5 * (1.0 + at::erf(x / std::sqrt(2.0))));
  std::tie(x, y) = tapped("tanh");
  expect_equal(y, at::tanh(x));
  std::tie(x, y) = tapped("quadratic");
  expect_equal(y, x * x);
  std::tie(x, y) = tapped("silu");
  expect_equal(y, x / (1.0 + at::exp(-x)));
}

TEST(Quadratic, IsGromovsFormula) {
  const Dataset data = toy::pairs_dataset(5, 5);
  RunConfig config;
  config.model.kind = "quadratic";
  config.model.width = 7;
  const auto model = toy::model_of(config, data);
  const ParameterViews views = views_of(model->layout(), toy::shaken_parameters(*model, 2));
  const at::Tensor hidden = at::square(at::matmul(one_hot_inputs(data), views[0]));
  const at::Tensor plain = at::matmul(hidden, views[1]) / (2.0 * 5.0 * 7.0);
  EXPECT_LT(toy::relative_difference(model->forward(views, toy::whole(data)), plain), 1e-13);
  EXPECT_EQ(make_model(config, toy::images_dataset()).error().exit_code(), 2);
}

TEST(MakeModel, UnknownNamesAreUsageErrorsThatListTheKnown) {
  RunConfig config;
  config.model.kind = "resnet";
  auto model = make_model(config, toy::pairs_dataset(5, 5));
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().exit_code(), 2);
  EXPECT_NE(model.error().message.find("transformer, mlp, quadratic"), std::string::npos);
  config = toy::mlp_config("one_hot");
  config.init.kind = "he";
  EXPECT_EQ(make_model(config, toy::pairs_dataset(5, 5)).error().exit_code(), 2);
}

}  // namespace
}  // namespace grokscope
