// Scoring: which loss and which kind of right answer a run gets from its task; and what a stepper makes of
// it.
#include "train/step/scoring.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/toy.h"
#include "train/step/stepper.h"

namespace grokscope {
namespace {

TEST(Scoring, RegressionRefusesLossesOfClasses) {
  const auto scoring = scoring_of({.kind = "cross_entropy"}, toy::features_dataset(), at::kCPU);
  ASSERT_FALSE(scoring.ok());
  EXPECT_EQ(scoring.error().exit_code(), 2);
  EXPECT_EQ(scoring.error().message,
            "loss.kind = cross_entropy needs classes, but the answers of this task are numbers: set "
            "loss.kind=mse");
}

TEST(Scoring, ClassesWithVectorsCanHaveEitherLoss) {
  const Dataset data = toy::with_vectors(toy::pairs_dataset(4, 5), 3);
  const auto classes = scoring_of({.kind = "cross_entropy"}, data, at::kCPU);
  EXPECT_EQ(classes->outputs, 5);
  EXPECT_FALSE(classes->vectors.defined());
  const auto vectors = scoring_of({.kind = "mse"}, data, at::kCPU);
  EXPECT_EQ(vectors->outputs, 3);
  EXPECT_EQ(vectors->vectors.size(0), 5);
}

/// Scores of the initial weights by the plain definitions.
void expect_plain_scores(const RunConfig& config, const Dataset& data, const std::string& engine) {
  RunConfig chosen = config;
  chosen.train.engine = engine;
  chosen.loss.kind = "mse";
  const auto model = toy::model_of(chosen, data);
  const at::Tensor flat = model->initial_parameters(2);
  auto stepper =
      make_stepper(chosen, model, std::make_shared<const Dataset>(data), flat, {.cuda = false, .threads = 2});
  ASSERT_TRUE(stepper.ok()) << stepper.error().message;
  const Split split(data.pool_size, 0, 1, data.pool_size / 2);
  at::Tensor logits;
  const ClassScores scores = (*stepper)->evaluate(split, &logits);
  const at::Tensor outputs = model->forward(views_of(model->layout(), flat), toy::whole(data));
  EXPECT_LT((outputs - logits).abs().max().item<double>(), 1e-5);
  double loss = 0.0, right = 0.0;
  for (const std::int64_t example : split.test()) {
    const std::int64_t answer = data.targets[example].item<std::int64_t>();
    const auto error_to = [&](std::int64_t vector) {
      return (outputs[example] - data.target_vectors[vector]).square().mean().item<double>();
    };
    loss += error_to(answer);
    bool nearest = true;
    for (std::int64_t v = 0; v < data.target_vectors.size(0); ++v)
      nearest = nearest && error_to(v) >= error_to(answer);
    right += (data.tolerance > 0.0 ? error_to(answer) < data.tolerance : nearest) ? 1.0 : 0.0;
  }
  const auto count = static_cast<double>(split.test().size());
  EXPECT_NEAR(scores.test_loss, loss / count, 1e-5) << engine;
  EXPECT_DOUBLE_EQ(scores.test_accuracy, right / count) << engine;
  EXPECT_GT(right, 0.0) << "nothing to tell apart: choose another toy";
  EXPECT_LT(right, count);
}

TEST(Scoring, EvaluationScoresVectorsByToleranceAndByTheNearest) {
  const Dataset features = toy::features_dataset();
  const Dataset pairs = toy::with_vectors(toy::pairs_dataset(5, 4), 3);
  RunConfig adder;
  adder.model.kind = "adder";
  adder.model.activation = "tanh";
  adder.model.embedding_width = 2;
  adder.model.width = 8;
  for (const char* engine : {"fused", "autograd"}) {
    Dataset loose = features;
    loose.tolerance = 0.5;
    expect_plain_scores(toy::mlp_config("embedding"), loose, engine);
    expect_plain_scores(toy::mlp_config("embedding"), pairs, engine);
  }
  expect_plain_scores(adder, pairs, "autograd");
}

TEST(Scoring, FusedSteppersRefuseWhatTheyDoNotCompute) {
  RunConfig adder;
  adder.model.kind = "adder";
  adder.loss.kind = "mse";
  adder.train.engine = "fused";
  const Dataset pairs = toy::with_vectors(toy::pairs_dataset(5, 4), 3);
  const auto refused = [&](const RunConfig& config) {
    const auto model = toy::model_of(config, pairs);
    return !make_stepper(config, model, std::make_shared<const Dataset>(pairs), model->initial_parameters(0),
                         {.cuda = false, .threads = 1});
  };
  EXPECT_TRUE(refused(adder));
  RunConfig transformer = toy::transformer_config();
  transformer.train.engine = "fused";
  EXPECT_FALSE(refused(transformer));
  transformer.loss.kind = "mse";
  EXPECT_TRUE(refused(transformer));  // its core knows one-hot targets only
}

TEST(Scoring, VectorsHaveNoEndOfSequence) {
  RunConfig config = toy::transformer_config();
  config.model.sequence = "power";
  config.loss.kind = "mse";
  const Dataset pairs = toy::with_vectors(toy::pairs_dataset(5, 4), 3);
  const auto model = toy::model_of(config, pairs);
  const auto stepper = make_stepper(config, model, std::make_shared<const Dataset>(pairs),
                                    model->initial_parameters(0), {.cuda = false, .threads = 1});
  ASSERT_FALSE(stepper.ok());
  EXPECT_NE(stepper.error().message.find("<eos>"), std::string::npos);
}

}  // namespace
}  // namespace grokscope
