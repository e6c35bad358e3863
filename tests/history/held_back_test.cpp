// What holds generalisation back, on made-up runs in which it is known.
#include "history/held_back.h"

#include <gtest/gtest.h>

namespace grokscope {
namespace {

struct At {
  std::int64_t step;
  double train, test, probe;
  double needed = 10.0;  // critical dimension
};

History history_of(const std::vector<At>& looks) {
  History history{RunConfig{}};
  for (const At& look : looks) {
    Evaluation evaluation;
    evaluation.step = look.step;
    evaluation.train_accuracy = look.train;
    evaluation.test_accuracy = look.test;
    evaluation.train_loss = evaluation.test_loss = 1.0;
    history.append(evaluation);
    history.append(ProbeScalars{
        look.step, "layers", {{"best_probe_test", look.probe}, {"readout_gap", look.probe - look.test}}});
    history.append(ProbeScalars{look.step, "geometry", {{"critical_dimension_test", look.needed}}});
  }
  return history;
}

TEST(HeldBack, ByTheReadoutWhereTheFeaturesAllowForMore) {
  const HeldBack held = held_back_at(history_of({{100, 1.0, 0.4, 0.8}}), 100);
  EXPECT_EQ(held.by, HeldBackBy::readout);
  EXPECT_EQ(held.sentence,
            "held back by its readout, not its features: a linear read-out of them is right on 80 % of the "
            "test pairs, the network on 40 %");
}

TEST(HeldBack, ByTheFeaturesWhereTheyDoNot) {
  EXPECT_EQ(held_back_at(history_of({{100, 1.0, 0.1, 0.12}}), 100).by, HeldBackBy::representation);
  EXPECT_EQ(held_back_at(history_of({{100, 1.0, 0.5, 0.3}}), 100).by, HeldBackBy::representation)
      << "a refitted read-out may do worse";
}

TEST(HeldBack, ByFeaturesThatGetWorse) {
  const std::vector<At> worse{{100, 1.0, 0.28, 0.30, 8.0}, {200, 1.0, 0.22, 0.25, 9.0}};
  EXPECT_EQ(held_back_at(history_of(worse), 200).by, HeldBackBy::degradation);
  const std::vector<At> simpler{{100, 1.0, 0.28, 0.30, 8.0}, {200, 1.0, 0.22, 0.25, 7.0}};
  EXPECT_EQ(held_back_at(history_of(simpler), 200).by, HeldBackBy::representation)
      << "the classes need no more dimensions";
}

TEST(HeldBack, ByNothingBeforeAndAfter) {
  EXPECT_EQ(held_back_at(history_of({{100, 0.5, 0.1, 0.4}}), 100).by, HeldBackBy::still_learning);
  EXPECT_EQ(held_back_at(history_of({{100, 1.0, 0.99, 0.7}}), 100).by, HeldBackBy::nothing);
  EXPECT_EQ(held_back_at(History{RunConfig{}}, 100).by, HeldBackBy::unknown);
}

TEST(HeldBack, ByNobodyKnowsWhatWhereTheLookIsTooOld) {
  History history = history_of({{100, 0.5, 0.1, 0.8}});
  const auto go_on = [&](std::int64_t step, double train, double test) {
    Evaluation evaluation;
    evaluation.step = step;
    evaluation.train_accuracy = train;
    evaluation.test_accuracy = test;
    history.append(evaluation);
    return held_back_at(history, step);
  };
  EXPECT_EQ(go_on(200, 1.0, 0.1).by, HeldBackBy::unknown) << "from before it had learned";
  history.append(ProbeScalars{200, "layers", {{"best_probe_test", 0.2}, {"readout_gap", 0.1}}});
  EXPECT_EQ(go_on(300, 1.0, 0.15).by, HeldBackBy::readout);
  EXPECT_EQ(go_on(400, 1.0, 0.5).by, HeldBackBy::unknown) << "it answers otherwise by now";
}

TEST(HeldBack, SeesNothingThatCameLater) {
  const History history = history_of({{100, 1.0, 0.1, 0.12}, {200, 1.0, 0.4, 0.8}});
  EXPECT_EQ(held_back_at(history, 150).by, HeldBackBy::representation);
  EXPECT_EQ(held_back_at(history, 200).by, HeldBackBy::readout);
}

}  // namespace
}  // namespace grokscope
