// The field table is complete and consistent; every error is checked in full.
#include "config/fields.h"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "config/other_value.h"

namespace grokscope {
namespace {

std::string error_of(std::string_view assignment) {
  RunConfig config;
  const Status status = set_field_from_text(config, assignment);
  return status ? "accepted" : status.error().message;
}

TEST(Fields, AreCompleteAndConsistent) {
  const RunConfig defaults;
  std::set<std::string> names;
  for (const Field& field : fields()) {
    SCOPED_TRACE(field.name);
    EXPECT_TRUE(names.insert(field.name).second) << "twice in the table";
    EXPECT_EQ(find_field(field.name), &field);
    EXPECT_GE(field.help.size(), 20u);
    EXPECT_TRUE(field.help.ends_with("."));
    EXPECT_FALSE(field.label.empty());
    ASSERT_TRUE(field.get && field.set);
    RunConfig copy;
    EXPECT_TRUE(set_field(copy, field.name, field.get(defaults))) << "the default is not allowed";
    if (field.type == FieldType::integer || field.type == FieldType::real) {
      EXPECT_LT(field.minimum, field.maximum);
      EXPECT_LT(field.slider_minimum, field.slider_maximum);
      EXPECT_GE(field.slider_minimum, field.minimum);
      EXPECT_LE(field.slider_maximum, field.maximum);
    }
    EXPECT_EQ(field.type == FieldType::choice, !field.choices.empty());
  }
}

TEST(Fields, CoverEveryMemberOfRunConfig) {
  // A member added without a row changes a size: add the row, then the number here.
  EXPECT_EQ(fields().size(), 69u);
  EXPECT_EQ(sizeof(TaskConfig), 6 * sizeof(std::string) + 13 * 8u);
  EXPECT_EQ(sizeof(ModelConfig), 6 * sizeof(std::string) + 7 * 8u);
  EXPECT_EQ(sizeof(InitConfig), sizeof(std::string) + 8u);
  EXPECT_EQ(sizeof(LossConfig), sizeof(std::string));
  EXPECT_EQ(sizeof(OptimizerConfig), 4 * sizeof(std::string) + 19 * 8u);
  EXPECT_EQ(sizeof(TrainConfig), 3 * sizeof(std::string) + 7 * 8u);
}

TEST(Fields, HaveTheNamesThatScriptsRelyOn) {
  for (const char* name : {"task.kind",
                           "task.operation",
                           "task.modulus",
                           "task.train_fraction",
                           "task.train_size",
                           "task.label_noise",
                           "task.path",
                           "model.kind",
                           "model.width",
                           "model.depth",
                           "model.heads",
                           "model.mlp_width",
                           "model.activation",
                           "init.scale",
                           "loss.kind",
                           "optimizer.kind",
                           "optimizer.learning_rate",
                           "optimizer.weight_decay",
                           "optimizer.beta1",
                           "optimizer.beta2",
                           "optimizer.clamp_norm",
                           "train.batch_size",
                           "train.steps",
                           "train.eval_every",
                           "seed"}) {
    EXPECT_NE(find_field(name), nullptr) << name;
  }
}

TEST(Fields, LiveOnesAreWhatARunningTrainingCanTakeUp) {
  std::vector<std::string> live;
  for (const Field& field : fields()) {
    if (field.live) live.push_back(field.name);
  }
  EXPECT_EQ(live, (std::vector<std::string>{
                      "task.train_fraction", "task.label_noise", "model.dropout", "optimizer.learning_rate",
                      "optimizer.weight_decay", "optimizer.clamp_norm", "optimizer.l1",
                      "optimizer.embedding_learning_rate", "optimizer.embedding_weight_decay",
                      "optimizer.weight_noise", "optimizer.gradient_noise", "optimizer.filter_strength"}));
}

TEST(Fields, EachSetsItsOwnMemberOnly) {
  for (const Field& field : fields()) {
    SCOPED_TRACE(field.name);
    RunConfig config;
    const FieldValue value = other_value(field, config);
    ASSERT_TRUE(set_field(config, field.name, value));
    EXPECT_EQ(field.get(config), value);
    const RunConfig defaults;
    for (const Field& other : fields()) {
      if (&other == &field) continue;
      EXPECT_EQ(other.get(config), other.get(defaults)) << "changed with it: " << other.name;
    }
  }
}

TEST(Fields, TextReadsBackToTheSameValue) {
  for (const Field& field : fields()) {
    RunConfig source, target;
    ASSERT_TRUE(set_field(source, field.name, other_value(field, source)));
    const std::string assignment = field.name + "=" + text_of(field.get(source));
    ASSERT_TRUE(set_field_from_text(target, assignment)) << assignment;
    EXPECT_EQ(field.get(target), field.get(source)) << assignment;
  }
}

TEST(Fields, BoundsAreInside) {
  for (const Field& field : fields()) {
    if (field.type != FieldType::integer && field.type != FieldType::real) continue;
    RunConfig config;
    EXPECT_TRUE(set_field(config, field.name, field.minimum)) << field.name;
    EXPECT_TRUE(set_field(config, field.name, field.maximum)) << field.name;
    EXPECT_FALSE(set_field(config, field.name, field.minimum - 1.0)) << field.name;
    EXPECT_FALSE(set_field(config, field.name, field.maximum * 1.5 + 1.0)) << field.name;
  }
}

TEST(SetField, TakesWholeRealsForIntegersAndIntegersForReals) {
  RunConfig config;
  EXPECT_TRUE(set_field(config, "task.modulus", 59.0));
  EXPECT_EQ(config.task.modulus, 59);
  EXPECT_TRUE(set_field(config, "optimizer.learning_rate", std::int64_t{1'000'000}));
  EXPECT_EQ(config.optimizer.learning_rate, 1e6);
  EXPECT_TRUE(set_field_from_text(config, " train.steps = 1e4 "));
  EXPECT_EQ(config.train.steps, 10'000);
  EXPECT_TRUE(set_field_from_text(config, "model.bias=off"));
  EXPECT_FALSE(config.model.bias);
}

TEST(SetField, ReadsTypedValuesInOneWay) {
  RunConfig config;
  for (const char* truth : {"True", "yes", "ON", "1"}) {
    config.model.bias = false;
    EXPECT_TRUE(set_field_from_text(config, std::string("model.bias=") + truth)) << truth;
    EXPECT_TRUE(config.model.bias) << truth;
  }
  for (const char* thousand : {"1000", "1e3", " 1000.0 ", "+1000"}) {
    config.train.steps = 1;
    EXPECT_TRUE(set_field_from_text(config, std::string("train.steps=") + thousand)) << thousand;
    EXPECT_EQ(config.train.steps, 1000) << thousand;
  }
  for (const char* wrong : {"0x10", "1,5", "1e3x", "nan", "inf", "1e999"})
    EXPECT_FALSE(set_field_from_text(config, std::string("optimizer.learning_rate=") + wrong)) << wrong;
}

TEST(SetField, LeavesTheConfigAloneWhenItRefuses) {
  RunConfig config;
  EXPECT_FALSE(set_field(config, "task.modulus", std::int64_t{1}));
  EXPECT_EQ(config.task.modulus, RunConfig{}.task.modulus);
}

TEST(SetField, NamesFieldValueAndRange) {
  EXPECT_EQ(error_of("task.modulus=1"), "task.modulus must be in 2 .. 1009, not 1");
  EXPECT_EQ(error_of("task.modulus=3.5"), "task.modulus must be a whole number in 2 .. 1009, not 3.5");
  EXPECT_EQ(error_of("task.modulus=abc"), "task.modulus must be a whole number in 2 .. 1009, not 'abc'");
  EXPECT_EQ(error_of("task.train_fraction=1"), "task.train_fraction must be in 0.01 .. 0.99, not 1");
  EXPECT_EQ(error_of("task.train_fraction=0,5"),
            "task.train_fraction must be a number in 0.01 .. 0.99, not '0,5'");
  EXPECT_EQ(error_of("optimizer.learning_rate=nan"),
            "optimizer.learning_rate must be a number in 0 .. 1e9, not 'nan'");
  EXPECT_EQ(error_of("optimizer.learning_rate=inf"),
            "optimizer.learning_rate must be a number in 0 .. 1e9, not 'inf'");
  EXPECT_EQ(error_of("optimizer.learning_rate=-1e-3"),
            "optimizer.learning_rate must be in 0 .. 1e9, not -0.001");
  EXPECT_EQ(error_of("optimizer.learning_rate="),
            "optimizer.learning_rate must be a number in 0 .. 1e9, not ''");
  const std::string kinds = fmt::format("{}", fmt::join(find_field("optimizer.kind")->choices, " | "));
  EXPECT_EQ(kinds.find("sgd | "), 0u);
  EXPECT_EQ(error_of("optimizer.kind=sdg"),
            "optimizer.kind must be one of " + kinds + ", not 'sdg'; did you mean 'sgd'?");
  EXPECT_EQ(error_of("optimizer.kind=lion"), "optimizer.kind must be one of " + kinds + ", not 'lion'");
  EXPECT_EQ(error_of("model.bias=maybe"), "model.bias must be true or false, not 'maybe'");
  RunConfig config;
  EXPECT_EQ(set_field(config, "loss.kind", 3.0).error().message,
            "loss.kind must be one of cross_entropy | mse | stablemax, not 3");
  EXPECT_EQ(set_field(config, "task.path", true).error().message, "task.path must be a text, not true");
  EXPECT_EQ(set_field(config, "task.path", std::string("a\nb")).error().message,
            "task.path must be at most 4096 bytes of UTF-8 without control characters, not 'a\\nb'");
  EXPECT_EQ(set_field(config, "model.bias", std::int64_t{1}).error().message,
            "model.bias must be true or false, not 1");
  EXPECT_EQ(set_field(config, "task.modulus", std::int64_t{1}).error().blame, Blame::usage);
}

TEST(SetField, OffersTheNearestName) {
  EXPECT_EQ(error_of("optimiser.lr=1"),
            "unknown setting 'optimiser.lr': did you mean 'optimizer.learning_rate'?");
  EXPECT_EQ(error_of("optimizer.weight_decy=1"),
            "unknown setting 'optimizer.weight_decy': did you mean 'optimizer.weight_decay'?");
  EXPECT_EQ(error_of("train_fraction=1"),
            "unknown setting 'train_fraction': did you mean 'task.train_fraction'?");
  EXPECT_EQ(error_of("wd=1"), "unknown setting 'wd': did you mean 'optimizer.weight_decay'?");
  EXPECT_EQ(error_of("zzzz=1"), "unknown setting 'zzzz': run `grokscope fields` for the list");
  EXPECT_EQ(error_of("seed"),
            "cannot read the setting 'seed': write key=value, for example optimizer.weight_decay=0.5");
  EXPECT_EQ(error_of("=1"),
            "cannot read the setting '=1': write key=value, for example optimizer.weight_decay=0.5");
}

TEST(TextOf, IsTheShortestThatReadsBack) {
  EXPECT_EQ(text_of(0.5), "0.5");
  EXPECT_EQ(text_of(3e-3), "0.003");
  EXPECT_EQ(text_of(1e-8), "1e-8");
  EXPECT_EQ(text_of(1e6), "1e6");
  EXPECT_EQ(text_of(100000.0), "100000");
  EXPECT_EQ(text_of(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(text_of(0.0), "0");
  EXPECT_EQ(text_of(true), "true");
  EXPECT_EQ(text_of(std::int64_t{-7}), "-7");
  EXPECT_EQ(text_of(std::string("adamw")), "adamw");
}

TEST(RangeText, SaysWhatIsAllowed) {
  EXPECT_EQ(range_text(*find_field("optimizer.epsilon")), "1e-30 .. 1");
  EXPECT_EQ(range_text(*find_field("train.steps")), "1 .. 1000000000");
  EXPECT_EQ(range_text(*find_field("loss.kind")), "cross_entropy | mse | stablemax");
  EXPECT_EQ(range_text(*find_field("model.bias")), "true | false");
  EXPECT_EQ(range_text(*find_field("task.path")), "");
}

}  // namespace
}  // namespace grokscope
