// The LSTM equals LibTorch's, the graph network equals the sum over edges of its formula, and both have the
// gradient of finite differences.
#include <gtest/gtest.h>

#include "model/lstm_layer.h"
#include "model/toy_real_data.h"

namespace grokscope {
namespace {

using toy::graph_config;
using toy::graphs_dataset;
using toy::lstm_config;
using toy::text_dataset;

TEST(Lstm, EqualsLibTorchs) {
  const Dataset data = text_dataset();
  const auto model = toy::model_of(lstm_config(), data);
  const ParameterViews views = views_of(model->layout(), toy::shaken_parameters(*model, 3));
  const auto weight = [&](const std::string& name) { return toy::named(*model, views, name); };
  std::vector<at::Tensor> parameters;
  for (const std::string layer : {"lstm.1", "lstm.2"}) {
    parameters.push_back(weight(layer + ".W_input").t().contiguous());
    parameters.push_back(weight(layer + ".W_hidden").t().contiguous());
    parameters.push_back(weight(layer + ".b_input"));
    parameters.push_back(weight(layer + ".b_hidden"));
  }
  const at::Tensor zero = at::zeros({2, 6, 5}, at::kDouble);
  const at::Tensor words = weight("embed.W_E").index({inputs_as<TextInputs>(data.inputs).tokens});
  const at::Tensor all =
      std::get<0>(at::lstm(words, {zero, zero}, parameters, true, 2, 0.0, false, false, true));
  const at::Tensor z = at::mm(all.select(1, -1), weight("output.W")) + weight("output.b");
  Taps taps;
  const at::Tensor logits = model->forward(views, toy::whole(data), &taps);
  EXPECT_LT(toy::relative_difference(logits.select(1, 1), z.squeeze(1)), 1e-12);
  EXPECT_EQ(logits.select(1, 0).abs().max().item<double>(), 0.0);
  ASSERT_EQ(taps.size(), 2u);
  EXPECT_LT(toy::relative_difference(taps[1].activation, all.select(1, -1)), 1e-12);
}

TEST(Lstm, ManyWordsOrFewGiveTheSame) {
  const Dataset data = text_dataset();
  const auto model = toy::model_of(lstm_config(), data);
  const ParameterViews views = views_of(model->layout(), toy::shaken_parameters(*model, 3));
  Batch one = toy::whole(data);
  inputs_as<TextInputs>(one.inputs).tokens =
      inputs_as<TextInputs>(data.inputs)
          .tokens.narrow(0, 2, 1);  // 7 positions for 9 words: word by word instead of a table
  EXPECT_LT(toy::relative_difference(model->forward(views, one),
                                     model->forward(views, toy::whole(data)).narrow(0, 2, 1)),
            1e-13);
}

TEST(Lstm, LayerGradientIsThatOfItsParts) {
  const at::Tensor inputs = at::sin(at::arange(3 * 2 * 12, at::kDouble) * 1.3).view({3, 2, 12});
  const at::Tensor recurrent = at::cos(at::arange(36, at::kDouble) * 0.7).view({3, 12});
  const at::Tensor mix = at::sin(at::arange(18, at::kDouble)).view({3, 2, 3});
  const auto value = [&](const at::Tensor& x, const at::Tensor& w) {
    return (lstm_layer(x, w) * mix).sum().item<double>();
  };
  const at::Tensor x = inputs.clone().set_requires_grad(true), w = recurrent.clone().set_requires_grad(true);
  (lstm_layer(x, w) * mix).sum().backward();
  const auto expect_slopes = [&](const at::Tensor& which, const at::Tensor& gradient, bool is_input) {
    for (std::int64_t i = 0; i < which.numel(); ++i) {
      at::Tensor above = which.clone(), below = which.clone();
      above.view({-1})[i] += 1e-5;
      below.view({-1})[i] -= 1e-5;
      const double slope = is_input ? value(above, recurrent) - value(below, recurrent)
                                    : value(inputs, above) - value(inputs, below);
      EXPECT_NEAR(gradient.view({-1})[i].item<double>(), slope / 2e-5, 1e-8) << i;
    }
  };
  expect_slopes(inputs, x.grad(), true);
  expect_slopes(recurrent, w.grad(), false);
}

// The formula of PyTorch Geometric's NNConv, edge by edge.
at::Tensor plain_convolution(const Model& model, const ParameterViews& views, const std::string& name,
                             const at::Tensor& x, const GraphInputs& graphs, std::int64_t out) {
  const auto weight = [&](const std::string& part) { return toy::named(model, views, name + part); };
  at::Tensor y = at::matmul(x, weight(".root.W")) + weight(".b");
  const std::int64_t in = x.size(2);
  for (std::int64_t g = 0; g < x.size(0); ++g) {
    for (std::int64_t e = 0; e < graphs.edge_mask.size(1); ++e) {
      if (graphs.edge_mask[g][e].item<float>() == 0.0f) continue;
      const at::Tensor edge = graphs.edges[g][e].to(at::kDouble).view({1, 4});
      const at::Tensor hidden = at::relu(at::mm(edge, weight(".edge.1.W")) + weight(".edge.1.b"));
      const at::Tensor theta = (at::mm(hidden, weight(".edge.2.W")) + weight(".edge.2.b")).view({in, out});
      const std::int64_t s = graphs.edge_source[g][e].item<std::int64_t>(),
                         t = graphs.edge_target[g][e].item<std::int64_t>();
      y[g][t] += at::mm(x[g][s].view({1, in}), theta).view({out});
    }
  }
  return at::relu(y);
}

TEST(GraphNetwork, IsTheSumOverEdges) {
  const Dataset data = graphs_dataset();
  const auto model = toy::model_of(graph_config(), data);
  const ParameterViews views = views_of(model->layout(), toy::shaken_parameters(*model, 5));
  const auto weight = [&](const std::string& name) { return toy::named(*model, views, name); };
  at::Tensor x = inputs_as<GraphInputs>(data.inputs).nodes.to(at::kDouble);
  x = plain_convolution(*model, views, "conv.1", x, inputs_as<GraphInputs>(data.inputs), 6);
  x = plain_convolution(*model, views, "conv.2", x, inputs_as<GraphInputs>(data.inputs), 3);
  const at::Tensor pooled = (x * inputs_as<GraphInputs>(data.inputs).node_mask.unsqueeze(2)).sum(1);
  const at::Tensor hidden = at::relu(at::mm(pooled, weight("hidden.1.W")) + weight("hidden.1.b"));
  const at::Tensor plain = at::mm(hidden, weight("output.W")) + weight("output.b");
  Taps taps;
  const at::Tensor answer = model->forward(views, toy::whole(data), &taps);
  EXPECT_LT(toy::relative_difference(answer, plain), 1e-12);
  ASSERT_EQ(taps.size(), 2u);
  EXPECT_LT(toy::relative_difference(taps[0].activation, pooled), 1e-12);
}

TEST(GraphNetwork, PublishedSizesAndInit) {
  RunConfig config = graph_config();
  config.model.width = 32;
  const auto model = toy::model_of(config, graphs_dataset());
  // 4-32-352 + 11-32 root + bias; 4-32-512 + 32-16 root + bias; 16-32-1.
  const std::int64_t first = 4 * 32 + 32 + 32 * 352 + 352 + 11 * 32 + 32;
  const std::int64_t second = 4 * 32 + 32 + 32 * 512 + 512 + 32 * 16 + 16;
  EXPECT_EQ(model->layout().total(), first + second + 16 * 32 + 32 + 32 + 1);
  const ParameterViews views = views_of(model->layout(), model->initial_parameters(1));
  EXPECT_LE(toy::named(*model, views, "conv.1.edge.1.W").abs().max().item<float>(), 0.5f);
  EXPECT_GT(toy::named(*model, views, "conv.1.edge.1.W").abs().max().item<float>(), 0.45f);
  EXPECT_EQ(toy::named(*model, views, "conv.1.b").abs().max().item<float>(), 0.0f);
}

TEST(RealDataModels, WrongTasksAndSettingsAreRefused) {
  const auto error = [](const RunConfig& config, const Dataset& data) {
    const auto model = make_model(config, data);
    return model.ok() ? std::string("no error") : model.error().message;
  };
  EXPECT_EQ(error(lstm_config(), toy::images_dataset()),
            "model.kind 'lstm' reads text: set task.kind=text, or choose another model.kind");
  EXPECT_EQ(error(graph_config(), toy::images_dataset()),
            "model.kind 'graph' reads molecules: set task.kind=molecules, or choose another model.kind");
  RunConfig config = lstm_config();
  config.model.dropout = 0.1;
  EXPECT_EQ(error(config, text_dataset()), "model.kind 'lstm' has no dropout: set model.dropout=0");
  config = lstm_config();
  config.loss.kind = "mse";
  EXPECT_NE(error(config, text_dataset()).find("log-odds"), std::string::npos);
  config = graph_config();
  config.model.width = 7;
  EXPECT_NE(error(config, graphs_dataset()).find("even"), std::string::npos);
  Dataset data = graphs_dataset();
  inputs_as<GraphInputs>(data.inputs).edges = inputs_as<GraphInputs>(data.inputs).edges * 0.5;
  EXPECT_EQ(error(graph_config(), data), "model.kind 'graph' needs one-hot kinds of bonds");
}

}  // namespace
}  // namespace grokscope
