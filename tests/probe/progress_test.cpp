// Logits made of known Fourier components: restricted and excluded loss in closed form.
#include "probe/progress.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "planted.h"

namespace grokscope {
namespace {

using planted::array;
using planted::value;

constexpr std::int64_t kSumTokens = 13;

/// (p^2, p): sum over waves of amplitude * cos w(a + b - c).
at::Tensor cosine_logits(std::int64_t p, const std::vector<std::pair<std::int64_t, double>>& waves) {
  at::Tensor logits = at::zeros({p * p, p}, at::kDouble);
  double* value = logits.data_ptr<double>();
  for (std::int64_t i = 0; i < p * p; ++i) {
    for (std::int64_t c = 0; c < p; ++c, ++value) {
      for (const auto& [k, amplitude] : waves) {
        *value +=
            amplitude * std::cos(2.0 * std::numbers::pi * static_cast<double>(k * (i / p + i % p - c)) / p);
      }
    }
  }
  return logits;
}

/// W_L with the frequencies `keys` over classes, an embedding with frequency 1.
ProbeInput progress_input(const at::Tensor& logits, const std::vector<planted::Wave>& keys,
                          std::int64_t p = kSumTokens) {
  auto model = std::make_shared<planted::PlantedModel>(3);
  model->weights.token_embedding = planted::waves(p, {{1, 1.0, 1.0}});
  model->weights.neuron_to_logit = planted::waves(p, keys).t();
  ProbeInput input = planted::input_of(planted::addition(p), model, p * p / 3);
  input.flat = at::full({3}, 2.0);
  input.logits = logits;
  return input;
}

double mean_cross_entropy(const at::Tensor& logits, const at::Tensor& targets,
                          std::span<const std::int64_t> indices) {
  double total = 0.0;
  for (const std::int64_t i : indices) {
    total += (at::logsumexp(logits[i], 0) - logits[i][targets[i].item<std::int64_t>()]).item<double>();
  }
  return total / static_cast<double>(indices.size());
}

TEST(Progress, PureCosinesAreAllRestrictedAndNothingExcluded) {
  for (const std::int64_t p : {13, 12}) {  // odd, and even with the Nyquist frequency 6
    const at::Tensor logits = cosine_logits(p, {{2, 3.0}, {6, 1.5}});
    const ProbeInput input = progress_input(logits, {{2, 2.0, 2.0}, {6, 1.5, 1.5}}, p);
    const Frame frame = look_at_progress(input);
    ASSERT_EQ(frame.not_applicable, "");
    EXPECT_EQ(array(frame, "key_frequencies").values, (std::vector<float>{2.0F, 6.0F}));
    EXPECT_EQ(frame.texts.at("key_source"), "W_L");
    const double full = mean_cross_entropy(logits, input.data->targets, input.split->test());
    EXPECT_NEAR(value(frame, "full_test_loss"), full, 1e-9);
    EXPECT_NEAR(value(frame, "restricted_loss"), full, 1e-9);
    EXPECT_NEAR(value(frame, "restricted_loss_all"), full, 1e-9);  // the loss is the same for every pair
    EXPECT_NEAR(value(frame, "excluded_loss"), std::log(static_cast<double>(p)), 1e-9);
  }
}

TEST(Progress, RestrictedDropsTheRestAndKeepsTheClassMean) {
  at::Tensor noise = at::zeros({kSumTokens * kSumTokens, kSumTokens},
                               at::kDouble);  // alternating in a - b: orthogonal to a + b
  for (std::int64_t a = 0; a < kSumTokens; ++a) {
    for (std::int64_t b = 0; b < kSumTokens; ++b) {
      noise[a * kSumTokens + b][3] =
          4.0 * std::cos(2.0 * std::numbers::pi * 5.0 * static_cast<double>(a - b) / kSumTokens);
    }
  }
  const at::Tensor bias = at::arange(kSumTokens, at::kDouble) * 0.1;  // (class)
  const at::Tensor clean = cosine_logits(kSumTokens, {{2, 3.0}}) + bias;
  const at::Tensor other =
      cosine_logits(kSumTokens, {{4, 2.0}});  // a function of the sum, but no key frequency
  const ProbeInput input = progress_input(clean + noise + other, {{2, 1.0, 1.0}});
  const Frame frame = look_at_progress(input);
  const at::Tensor targets = input.data->targets;
  EXPECT_NEAR(value(frame, "restricted_loss_all"), mean_cross_entropy(clean, targets, planted::all_of(input)),
              1e-9);
  EXPECT_NEAR(value(frame, "excluded_loss"),
              mean_cross_entropy(noise + other + bias, targets, input.split->train()), 1e-9);
  EXPECT_NEAR(value(frame, "full_train_loss"),
              mean_cross_entropy(clean + noise + other, targets, input.split->train()), 1e-9);
  EXPECT_EQ(value(frame, "sum_of_squares"), 12.0);
  // 2 of 12 norms equal, the others 0.
  EXPECT_NEAR(value(frame, "gini_embedding"), 1.0 - 2.0 / 12.0, 1e-9);
  EXPECT_NEAR(value(frame, "gini_neuron_to_logit"), 1.0 - 2.0 / 12.0, 1e-9);
}

/// Right and sure on what was trained on and on its mirrors, silent on the rest.
ProbeInput memoriser(std::int64_t p) {
  ProbeInput input = progress_input(at::zeros({p * p, p}, at::kDouble), {{2, 1.0, 1.0}}, p);
  auto mirrors = std::make_shared<Mirrors>();
  for (std::int64_t i = 0; i < p * p; ++i) mirrors->push_back(i % p * p + i / p);
  input.split = std::make_shared<Split>(p * p, 0, 7, p * p / 2, mirrors);
  for (const std::int64_t i : input.split->train()) {
    for (const std::int64_t known : {i, (*mirrors)[static_cast<std::size_t>(i)]})
      input.logits[known][input.data->targets[known].item<std::int64_t>()] = 40.0;
  }
  return input;
}

TEST(Progress, ANetworkThatOnlyMemorisesHasNoSmallRestrictedLoss) {
  const Frame frame = look_at_progress(memoriser(kSumTokens));
  EXPECT_LT(value(frame, "restricted_loss_all"), 2.0) << "means over trained pairs look like a rule";
  EXPECT_NEAR(value(frame, "restricted_loss"), std::log(static_cast<double>(kSumTokens)), 1e-9);
  EXPECT_GE(value(frame, "restricted_loss"), value(frame, "constant_loss") - 1e-9);
  const Frame circuit =
      look_at_progress(progress_input(cosine_logits(kSumTokens, {{2, 3.0}}), {{2, 1.0, 1.0}}));
  EXPECT_LT(value(circuit, "restricted_loss"), value(circuit, "constant_loss"));
}

TEST(Progress, FrequenciesThatAllCountAreNoKeys) {
  std::vector<planted::Wave> all;
  for (std::int64_t k = 1; k <= 11; ++k) all.push_back({k, 1.0 + 0.01 * static_cast<double>(k), 1.0});
  const Frame frame = look_at_progress(progress_input(cosine_logits(23, {{2, 3.0}}), all, 23));
  EXPECT_EQ(array(frame, "key_frequencies").values.size(), 8u);
  EXPECT_EQ(array(frame, "key_frequencies").values.front(), 11.0F);
  EXPECT_EQ(value(frame, "key_count"), 11.0) << "what passed is told";
}

TEST(Progress, UsesTheEmbeddingWhereThereIsNoNeuronToLogitMatrix) {
  ProbeInput input = progress_input(cosine_logits(kSumTokens, {{1, 3.0}}), {{2, 1.0, 1.0}});
  auto model = std::make_shared<planted::PlantedModel>(3);
  model->weights.token_embedding = planted::waves(kSumTokens, {{1, 1.0, 1.0}});
  input.model = model;
  const Frame frame = look_at_progress(input);
  EXPECT_EQ(frame.texts.at("key_source"), "W_E");
  EXPECT_EQ(array(frame, "key_frequencies").values, (std::vector<float>{1.0F}));
  EXPECT_EQ(frame.scalars.count("gini_neuron_to_logit"), 0u);
  EXPECT_NEAR(value(frame, "excluded_loss"), std::log(13.0), 1e-9);
}

TEST(Progress, OrderOfTheExamplesDoesNotMatter) {
  const at::Tensor logits = cosine_logits(kSumTokens, {{2, 3.0}, {5, 1.0}});
  const ProbeInput input = progress_input(logits, {{2, 1.0, 1.0}});
  ProbeInput shuffled = input;
  const at::Tensor order = at::arange(kSumTokens * kSumTokens - 1, -1, -1, at::kLong);
  auto data = std::make_shared<Dataset>(*input.data);
  inputs_as<PairInputs>(data->inputs).pairs =
      inputs_as<PairInputs>(data->inputs).pairs.index_select(0, order);
  data->targets = data->train_targets = data->targets.index_select(0, order);
  shuffled.data = data;
  shuffled.logits = logits.index_select(0, order);
  EXPECT_NEAR(value(look_at_progress(shuffled), "restricted_loss_all"),
              value(look_at_progress(input), "restricted_loss_all"), 1e-12);
}

TEST(Progress, SquaredErrorRuns) {
  ProbeInput input = progress_input(cosine_logits(kSumTokens, {{2, 0.5}}), {{2, 1.0, 1.0}});
  input.config.loss.kind = "mse";
  const Frame frame = look_at_progress(input);
  EXPECT_NEAR(value(frame, "restricted_loss"), value(frame, "full_test_loss"), 1e-12);
  EXPECT_NEAR(value(frame, "excluded_loss"), 1.0 / kSumTokens, 1e-12);  // all outputs 0
}

TEST(Progress, IsPureAndDeterministic) {
  const ProbeInput input = progress_input(cosine_logits(kSumTokens, {{2, 3.0}}), {{2, 1.0, 1.0}});
  const at::Tensor flat = input.flat.clone(), logits = input.logits.clone();
  EXPECT_TRUE(planted::same(look_at_progress(input), look_at_progress(input)));
  EXPECT_TRUE(input.flat.equal(flat) && input.logits.equal(logits));
}

TEST(Progress, SaysWhyItDoesNotApply) {
  ProbeInput input = progress_input(cosine_logits(kSumTokens, {{2, 3.0}}), {{2, 1.0, 1.0}});
  auto product = std::make_shared<Dataset>(*input.data);
  product->is_modular_addition = false;
  input.data = product;
  EXPECT_NE(look_at_progress(input).not_applicable.find("a + b mod p only"), std::string::npos);
  auto images = std::make_shared<Dataset>(*input.data);
  images->inputs = ImageInputs{};
  input.data = images;
  EXPECT_NE(look_at_progress(input).not_applicable.find("images"), std::string::npos);
  auto partial = std::make_shared<Dataset>(*product);
  partial->is_modular_addition = true;
  inputs_as<PairInputs>(partial->inputs).pairs =
      inputs_as<PairInputs>(partial->inputs).pairs.narrow(0, 0, 20);
  input.data = partial;
  EXPECT_NE(look_at_progress(input).not_applicable.find("every pair"), std::string::npos);
}

TEST(Registry, NamesEveryProbeOnce) {
  std::set<std::string_view> names;
  ASSERT_EQ(probes().size(), kProbeNames.size());
  for (std::size_t i = 0; i < probes().size(); ++i) {
    const Probe& probe = probes()[i];
    EXPECT_EQ(probe.name, kProbeNames[i].name) << "whoever counts probes by name runs another one";
    EXPECT_TRUE(names.insert(probe.name).second) << probe.name;
    const Frame frame = probe.look(ProbeInput{});
    EXPECT_EQ(frame.probe, probe.name);
    EXPECT_NE(frame.not_applicable, "") << "no model: never throws, says why";
  }
}

}  // namespace
}  // namespace grokscope
