// facts.json: what is written is read, and nothing in it is believed.
#include <gtest/gtest.h>

#include "config/presets.h"
#include "history/phases.h"
#include "history/run_facts.h"

namespace grokscope {
namespace {

RunFacts facts() {
  RunFacts facts;
  facts.title = "xor.csv";
  facts.device = "CPU";
  facts.torch_version = "2.6";
  facts.blas = "OpenBLAS";
  facts.engine = "fused";
  facts.threads = 3;
  facts.parameter_count = 1234;
  facts.pool_size = facts.total_examples = 4;
  facts.left_tokens = facts.right_tokens = facts.class_count = 2;
  facts.majority_share = 0.75;
  return facts;
}

TEST(RunFacts, WhatIsWrittenIsRead) {
  const auto back = facts_from_text(text_from_facts(facts()), "facts.json");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(text_from_facts(*back), text_from_facts(facts()));
  EXPECT_EQ(back->title, "xor.csv");
  EXPECT_EQ(back->threads, 3);
  EXPECT_DOUBLE_EQ(back->majority_share, 0.75);
}

TEST(RunFacts, ForeignValuesAreRefusedByName) {
  const auto refusal = [](const char* key, Json value) {
    Json json = *parse_json(text_from_facts(facts()), "facts.json");
    json[key] = std::move(value);
    const auto read = facts_from_text(text_from_json(json), "facts.json");
    return read ? std::string("taken") : read.error().message;
  };
  EXPECT_EQ(refusal("schema", "other"), "\"schema\" is not \"grokscope.facts/1\": facts.json");
  EXPECT_EQ(refusal("title", "\x1b[2J"), "\"title\" is not a short text: facts.json");
  EXPECT_EQ(refusal("title", std::string(5000, 'x')), "\"title\" is not a short text: facts.json");
  EXPECT_EQ(refusal("pool_size", -1), "\"pool_size\" is not a whole number from 0 on: facts.json");
  EXPECT_EQ(refusal("class_count", 1e300), "\"class_count\" is not a whole number from 0 on: facts.json");
  EXPECT_EQ(refusal("threads", "two"), "\"threads\" is not a number of threads: facts.json");
  EXPECT_EQ(refusal("majority_share", 1.5), "\"majority_share\" is not a share in 0 .. 1: facts.json");
  EXPECT_EQ(refusal("majority_share", nullptr), "\"majority_share\" is not a share in 0 .. 1: facts.json");
  EXPECT_EQ(refusal("of a later version", 1), "taken");
  for (const char* text : {"", "[]", "null", "{}", "3", "{\"schema\":7}"}) {
    EXPECT_FALSE(facts_from_text(text, "facts.json")) << text;
  }
}

/// Learns the training pairs by step 100; of the rest it gets `test` right, for ever.
History never_more_than(double test) {
  RunConfig config;
  config.task.kind = "table";
  History history(config);
  for (std::int64_t step = 0; step <= 3000; step += 10) {
    Evaluation e;
    e.step = step;
    e.train_accuracy = step < 100 ? 0.5 + 0.005 * static_cast<double>(step) : 1.0;
    e.test_accuracy = test;
    e.train_loss = e.test_loss = 1.0;
    e.weight_norm = 10.0;
    e.train_count = e.test_count = 100;
    history.append(e);
  }
  return history;
}

TEST(Chance, ATableWithTwoAnswersDoesNotGeneraliseAtHalf) {
  History history = never_more_than(0.56);
  RunFacts known = facts();
  known.majority_share = 0.5;
  history.learn(known);
  EXPECT_EQ(phases_at(history, 3000).back().phase, Phase::plateau);
  History lower = never_more_than(0.54);
  lower.learn(known);
  EXPECT_NE(verdict_at(lower, 3000).sentence.find("still guessing on the rest"), std::string::npos)
      << verdict_at(lower, 3000).sentence;
}

TEST(Chance, IsTheShareOfTheCommonestAnswerNotOneOverTheirNumber) {
  History history = never_more_than(0.80);
  RunFacts known = facts();
  known.majority_share = 0.79;
  history.learn(known);
  EXPECT_DOUBLE_EQ(history.chance_level(), 0.79);
  EXPECT_EQ(phases_at(history, 3000).back().phase, Phase::plateau);
  EXPECT_NE(verdict_at(history, 3000).sentence.find("still guessing on the rest"), std::string::npos);
}

TEST(Chance, WhatIsLearntLateIsAsIfItHadBeenKnown) {
  RunFacts known = facts();
  known.majority_share = 0.5;
  History late = never_more_than(0.70), early = History(late.config());
  late.learn(known);
  early.learn(known);
  for (const Evaluation& e : late.evaluations()) early.append(e);
  const auto a = phases_at(late, 3000), b = phases_at(early, 3000);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].phase, b[i].phase);
  EXPECT_EQ(a.back().phase, Phase::plateau);
}

TEST(RunFacts, OfAnOldRunAreWhatItsSettingsTell) {
  const RunFacts old = facts_from_settings(find_preset("quickstart")->config);
  EXPECT_EQ(old.title, "a + b mod 67");
  EXPECT_EQ(old.class_count, 67);
  EXPECT_DOUBLE_EQ(old.majority_share, 1.0 / 67);
  EXPECT_EQ(old.pool_size, 0);
}

}  // namespace
}  // namespace grokscope
