// The table version of the transformer equals the plain one, in every variant; taps and readable weights make
// sense.
#include <gtest/gtest.h>

#include "model/plain_transformer.h"

namespace grokscope {
namespace {

struct Variant {
  std::string normalisation, positions;
  std::int64_t depth;
  bool bias;
  std::string activation;
};

const std::vector<Variant> kVariants{
    {"none", "learned", 1, true, "relu"},     {"none", "learned", 2, false, "gelu"},
    {"pre", "learned", 1, true, "gelu"},      {"pre", "sinusoidal", 2, true, "gelu"},
    {"post", "sinusoidal", 2, false, "relu"}, {"post", "learned", 3, true, "gelu"},
};

RunConfig variant_config_of(const Variant& variant, const std::string& sequence) {
  RunConfig config = toy::transformer_config();
  config.model.normalisation = variant.normalisation;
  config.model.positions = variant.positions;
  config.model.depth = variant.depth;
  config.model.bias = variant.bias;
  config.model.activation = variant.activation;
  config.model.sequence = sequence;
  return config;
}

class TransformerVariants : public testing::TestWithParam<Variant> {};

TEST_P(TransformerVariants, EqualsSequenceMatchesThePlainComputation) {
  const RunConfig config = variant_config_of(GetParam(), "a_b_equals");
  const Dataset data = toy::pairs_dataset(5, 5);
  const auto model = toy::model_of(config, data);
  const ParameterViews views = views_of(model->layout(), toy::shaken_parameters(*model, 3));
  const at::Tensor plain =
      toy::PlainTransformer{config, *model, views}.logits(toy::equals_tokens(data)).select(1, 2);
  EXPECT_LT(toy::relative_difference(model->forward(views, toy::whole(data)), plain), 1e-13);
  EXPECT_LT(toy::relative_difference(model->forward_sequence(views, toy::whole(data)), plain), 1e-13);
}

TEST_P(TransformerVariants, PowerSequenceMatchesThePlainComputation) {
  const RunConfig config = variant_config_of(GetParam(), "power");
  for (const std::int64_t classes :
       {5, 3}) {  // answers that are tokens, and answers with tokens of their own
    const Dataset data = toy::pairs_dataset(5, classes);
    const auto model = toy::model_of(config, data);
    const ParameterViews views = views_of(model->layout(), toy::shaken_parameters(*model, 4));
    const at::Tensor plain =
        toy::PlainTransformer{config, *model, views}.logits(toy::power_tokens(data, classes == 5));
    const at::Tensor scored = model->forward_sequence(views, toy::whole(data));
    EXPECT_LT(toy::relative_difference(scored, at::cat({plain.select(1, 4), plain.select(1, 5)}, 0)), 1e-13);
    const at::Tensor answers = model->forward(views, {data.inputs, {}});
    EXPECT_LT(toy::relative_difference(answers, plain.select(1, 4).narrow(1, 0, classes)), 1e-13);
    EXPECT_EQ(model->eos_class(), classes);
  }
}

INSTANTIATE_TEST_SUITE_P(All, TransformerVariants, testing::ValuesIn(kVariants));

TEST(Transformer, TapsHaveOneRowAnExampleAndLayerPrefixesWhenDeep) {
  RunConfig config = toy::transformer_config();
  const Dataset data = toy::pairs_dataset(5, 5);
  const auto names_of = [&](std::int64_t depth) {
    config.model.depth = depth;
    const auto model = toy::model_of(config, data);
    Taps taps;
    model->forward(views_of(model->layout(), model->initial_parameters(0)), toy::whole(data), &taps);
    std::vector<std::string> names;
    for (const Tap& tap : taps) {
      EXPECT_EQ(tap.activation.size(0), 25) << tap.name;
      EXPECT_FALSE(tap.activation.requires_grad());
      names.push_back(tap.name);
    }
    return names;
  };
  EXPECT_EQ(names_of(1), (std::vector<std::string>{"embedding", "attention", "mlp", "residual"}));
  EXPECT_EQ(names_of(2), (std::vector<std::string>{"embedding", "1.attention", "1.mlp", "1.residual",
                                                   "2.attention", "2.mlp", "2.residual"}));
}

TEST(Transformer, NeuronToLogitIsTheLinearMapFromTheTappedNeurons) {
  const RunConfig config = toy::transformer_config();
  const Dataset data = toy::pairs_dataset(5, 5);
  const auto model = toy::model_of(config, data);
  const ParameterViews views = views_of(model->layout(), toy::shaken_parameters(*model, 1));
  Taps taps;
  const at::Tensor logits = model->forward(views, toy::whole(data), &taps);
  const ReadableWeights weights = model->readable(views);
  ASSERT_EQ(weights.token_embedding.sizes(), (at::IntArrayRef{5, 8}));
  const at::Tensor attention = taps[1].activation;
  const at::Tensor equals =
      toy::named(*model, views, "embed.W_E")[5] + toy::named(*model, views, "embed.W_pos")[2];
  const at::Tensor rest = attention + equals + toy::named(*model, views, "blocks.0.mlp.b_out");
  const at::Tensor rebuilt =
      at::mm(taps[2].activation, weights.neuron_to_logit) + at::mm(rest, weights.unembedding);
  EXPECT_LT(toy::relative_difference(rebuilt, logits), 1e-13);
}

TEST(Transformer, RefusesImagesAndHeadsThatDoNotDivide) {
  RunConfig config = toy::transformer_config();
  EXPECT_EQ(make_model(config, toy::images_dataset()).error().exit_code(), 2);
  config.model.heads = 3;
  const auto model = make_model(config, toy::pairs_dataset(5, 5));
  ASSERT_FALSE(model);
  EXPECT_NE(model.error().message.find("model.heads"), std::string::npos);
}

}  // namespace
}  // namespace grokscope
