// The small parts of a session: outbox, speedometer, events file.
#include <gtest/gtest.h>

#include "history/interventions/rescale_norm.h"
#include "history/interventions/set.h"
#include "history/scratch.h"
#include "session/events_file.h"
#include "session/outbox.h"
#include "session/speedometer.h"

namespace grokscope {
namespace {

using namespace std::chrono_literals;

TEST(Outbox, ASliderInMotionSendsItsNewestValue) {
  BoundedQueue<Command> queue(2);
  Outbox outbox;
  outbox.add(Pause{});
  outbox.add(setting_change("optimizer.learning_rate", 1.0));
  outbox.add(setting_change("optimizer.learning_rate", 2.0));
  outbox.add(setting_change("optimizer.weight_decay", 3.0));
  outbox.add(Resume{});
  outbox.send_to(queue);
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<Pause>(*queue.try_pop()));
  EXPECT_EQ(std::get<Intervention>(*queue.try_pop()).detail["value"], 2.0);
  outbox.send_to(queue);
  EXPECT_EQ(std::get<Intervention>(*queue.try_pop()).detail["field"], "optimizer.weight_decay");
  EXPECT_TRUE(std::holds_alternative<Resume>(*queue.try_pop()));
  outbox.send_to(queue);
  EXPECT_EQ(queue.size(), 0u);
}

TEST(Speedometer, MeasuresTheLastSecond) {
  Speedometer meter;
  const Speedometer::Clock::time_point start{};
  EXPECT_EQ(meter.measure(0, start), 0.0);
  double rate = 0.0;
  for (int tick = 1; tick <= 30; ++tick) rate = meter.measure(tick * 10, start + tick * 100ms);
  EXPECT_NEAR(rate, 100.0, 1.0);
  for (int tick = 31; tick <= 60; ++tick) rate = meter.measure(300, start + tick * 100ms);
  EXPECT_EQ(rate, 0.0);
  EXPECT_EQ(meter.restart(), 0.0);
  EXPECT_EQ(meter.measure(300, start + 10s), 0.0);
}

TEST(Outbox, TwoJumpsOfTheNormAreTwo) {
  BoundedQueue<Command> queue(4);
  Outbox outbox;
  outbox.add(norm_rescaling(5.0));
  outbox.add(norm_rescaling(7.0));
  outbox.send_to(queue);
  EXPECT_EQ(queue.size(), 2u);
}

Result<EventScript> script_in(const std::string& text) {
  const Scratch scratch;
  write_text(scratch.path("events.jsonl"), text);
  return read_events_file(scratch.path("events.jsonl"), RunConfig{});
}

TEST(EventsFile, ReadsInterventionsAndPassesOverTheRest) {
  const auto script = script_in(
      "{\"step\":20,\"kind\":\"set\",\"field\":\"optimizer.weight_decay\",\"value\":0,\"from\":1}\n"
      "\n"
      "{\"step\":21,\"kind\":\"pause\"}\r\n"
      "{\"step\":15,\"kind\":\"rescale_norm\",\"value\":20,\"from\":41.5}\n"
      "{\"step\":21,\"kind\":\"milestone\",\"name\":\"train_99\"}\n"
      "{\"step\":10,\"kind\":\"set\",\"field\":\"task.train_fraction\",\"value\":0.5}");
  ASSERT_TRUE(script) << script.error().message;
  const auto& events = script->interventions;
  ASSERT_EQ(events.size(), 3u);
  EXPECT_TRUE(script->passed_over.empty()) << "a run's own record needs no remark";
  EXPECT_EQ(events[0].step, 10);  // sorted
  EXPECT_EQ(events[1].step, 15);
  EXPECT_EQ(events[1].detail["value"], 20);
  EXPECT_EQ(events[2].step, 20);
  EXPECT_TRUE(script_in("")->interventions.empty());
}

TEST(EventsFile, NamesTheLineOfWhatIsWrong) {
  const std::string good = "{\"step\":1,\"kind\":\"set\",\"field\":\"optimizer.weight_decay\",\"value\":0}\n";
  for (const char* wrong : {
           "{\"step\":1,\"kind\":\"set\"",                                          // not JSON
           "[1]",                                                                   // not an object
           "{\"kind\":\"pause\"}",                                                  // no step
           "{\"step\":-1,\"kind\":\"pause\"}",                                      // before the start
           "{\"step\":0.5,\"kind\":\"pause\"}",                                     // between two steps
           "{\"step\":1,\"kind\":\"set\",\"field\":\"optimiser.lr\",\"value\":0}",  // unknown field
           "{\"step\":1,\"kind\":\"set\",\"field\":\"model.width\",\"value\":64}",  // not live
           "{\"step\":1,\"kind\":\"set\",\"field\":\"optimizer.weight_decay\",\"value\":\"one\"}",  // wrong
                                                                                                    // type
           "{\"step\":1,\"kind\":\"set\",\"field\":\"task.train_fraction\",\"value\":7}",  // out of range
           "{\"step\":1,\"kind\":\"set\",\"field\":\"optimizer.weight_decay\"}",           // no value
           "{\"step\":1,\"kind\":\"rescale_norm\"}",                                       // no norm
           "{\"step\":1,\"kind\":\"rescale_norm\",\"value\":0}",                           // no direction
           "{\"step\":1,\"kind\":\"rescale_norm\",\"value\":-2}",                          // no length
           "{\"step\":1,\"kind\":\"rescale_norm\",\"value\":1e12}",                        // too long
       }) {
    const auto events = script_in(good + wrong + "\n");
    ASSERT_FALSE(events) << wrong;
    EXPECT_EQ(events.error().exit_code(), 2) << wrong;
    EXPECT_NE(events.error().message.find("events.jsonl line 2"), std::string::npos)
        << events.error().message;
  }
  EXPECT_FALSE(read_events_file("/nonexistent/events.jsonl", RunConfig{}));
}

TEST(EventsFile, PassesOverUnknownKindsAndKeysAndSaysSo) {
  const auto script = script_in(
      "{\"step\":20,\"kind\":\"bookmark\",\"text\":\"here\"}\n"
      "{\"step\":21,\"kind\":\"sett\",\"field\":\"seed\",\"value\":0}\n"
      "{\"step\":22,\"kind\":\"\\u001b[31mred\"}\n"
      "{\"step\":30.0,\"kind\":\"set\",\"field\":\"optimizer.weight_decay\",\"value\":2,\"colour\":\"red\"}"
      "\n");
  ASSERT_TRUE(script) << script.error().message;
  ASSERT_EQ(script->interventions.size(), 1u);
  EXPECT_EQ(script->interventions[0].step, 30) << "30.0 is a whole step";
  ASSERT_EQ(script->passed_over.size(), 3u);
  EXPECT_NE(script->passed_over[1].find("did you mean 'set'?"), std::string::npos) << script->passed_over[1];
  EXPECT_NE(script->passed_over[2].find("'\\x1b[31mred'"), std::string::npos) << script->passed_over[2];
}

TEST(EventsFile, ALineIsHeldToTheSettingsThatTheLinesBeforeLeave) {
  const std::string dropout = "{\"step\":1,\"kind\":\"set\",\"field\":\"model.dropout\",\"value\":0.5}\n";
  EXPECT_TRUE(script_in(dropout));
  RunConfig fused;
  fused.train.engine = "fused";
  const auto refused = event_script_from_text(dropout, "script", fused);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("train.engine"), std::string::npos) << refused.error().message;
}

}  // namespace
}  // namespace grokscope
