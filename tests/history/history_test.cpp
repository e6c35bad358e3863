// History: what is kept, in which order, and how the settings at a step follow from the events.
#include "history/history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "history/interventions/rescale_norm.h"
#include "history/interventions/set.h"
#include "history/phase_detector.h"

namespace grokscope {
namespace {

Evaluation evaluation(std::int64_t step, double train, double test) {
  Evaluation e;
  e.step = step;
  e.train_accuracy = train;
  e.test_accuracy = test;
  e.train_loss = 1.0;
  return e;
}

FramePtr frame(const std::string& probe, std::int64_t step, double value = 0.0, std::size_t floats = 1) {
  Frame f;
  f.probe = probe;
  f.step = step;
  f.scalars["gini"] = value;
  f.arrays["power"] = {{static_cast<std::int64_t>(floats)}, std::vector<float>(floats, 1.0f)};
  return std::make_shared<const Frame>(std::move(f));
}

Event set_event(std::int64_t step, const std::string& field, const Json& value) {
  Event event{step, "set", Json::object()};
  event.detail["field"] = field;
  event.detail["value"] = value;
  return event;
}

TEST(History, EvaluationsBecomeSeriesAndFirstSteps) {
  History history{RunConfig{}};
  EXPECT_EQ(history.last(), nullptr);
  EXPECT_TRUE(history.series_names().empty());
  history.append(evaluation(0, 0.1, 0.1));
  history.append(evaluation(10, 0.99, 0.5));
  history.append(evaluation(20, 1.0, 0.94));
  history.append(evaluation(30, 1.0, 0.999));
  history.append(evaluation(30, 0.0, 0.0));  // does not come after the last: dropped
  ASSERT_EQ(history.evaluations().size(), 4u);
  EXPECT_EQ(history.series("train_accuracy")->size(), 4u);
  EXPECT_EQ(history.series("nothing"), nullptr);
  EXPECT_EQ(history.series_names().size(), metric_columns().size());
  EXPECT_EQ(history.first_steps().train_90, 10);
  EXPECT_EQ(history.first_steps().train_99, 10);
  EXPECT_EQ(history.first_steps().test_50, 10);
  EXPECT_EQ(history.first_steps().test_90, 20);
  EXPECT_EQ(history.first_steps().test_95, 30);
  EXPECT_EQ(history.first_steps().test_99, 30);
  EXPECT_EQ(history.evaluation_at(-1), nullptr);
  EXPECT_EQ(history.evaluation_at(19)->step, 10);
  EXPECT_EQ(history.evaluation_at(1000)->step, 30);
}

TEST(History, APreviewIsTheNewestUntilSomethingElseComes) {
  History history{RunConfig{}};
  history.append(evaluation(0, 0.1, 0.1));
  history.append(evaluation(10, 0.5, 0.1));
  history.preview(evaluation(13, 0.995, 0.2));
  EXPECT_EQ(history.last()->step, 13);
  EXPECT_EQ(history.series("train_accuracy")->at(2).y, 0.995);
  EXPECT_EQ(history.first_steps().train_99, -1) << "a preview reaches nothing";
  history.preview(evaluation(13, 0.25, 0.2));  // something was changed at that step
  EXPECT_EQ(history.series("train_accuracy")->size(), 3u);
  EXPECT_EQ(history.last()->train_accuracy, 0.25);
  history.append(set_event(13, "task.train_fraction", 0.5));
  history.learn(RunFacts{});
  history.append(evaluation(20, 0.6, 0.1));
  ASSERT_EQ(history.evaluations().size(), 3u);
  EXPECT_EQ(history.last()->step, 20);
  EXPECT_EQ(history.series("train_accuracy")->size(), 3u);
  EXPECT_EQ(history.evaluation_at(13)->step, 10);
  EXPECT_FALSE(history.phases_at(20).empty());
}

TEST(History, MilestonesAndPhasesDoNotCountWhatMirrorsGiveAway) {
  History history{RunConfig{}};
  const auto append = [&](std::int64_t step, double test, double unmirrored) {
    Evaluation e = evaluation(step, 1.0, test);
    e.unmirrored_test_accuracy = unmirrored;
    history.append(e);
  };
  for (std::int64_t step = 0; step <= 50; step += 10) append(step, 0.92, 0.0);
  EXPECT_EQ(history.first_steps().test_90, -1);
  EXPECT_EQ(history.phases_at(50).back().phase, Phase::plateau);
  append(60, 0.99, 0.96);
  append(70, 1.0, 1.0);
  EXPECT_EQ(history.first_steps().test_90, 60);
  EXPECT_EQ(history.first_steps().test_99, 70);
  EXPECT_EQ(history.phases_at(70).back().phase, Phase::done);
  EXPECT_EQ(history.series("unmirrored_test_accuracy")->size(), 8u);
}

TEST(History, GenerationGrowsWithEveryAppend) {
  History history{RunConfig{}};
  std::uint64_t before = history.generation();
  history.append(evaluation(0, 0, 0));
  EXPECT_GT(history.generation(), before);
  before = history.generation();
  history.append(Event{0, "pause", Json::object()});
  EXPECT_GT(history.generation(), before);
  before = history.generation();
  history.append(frame("fourier", 0));
  EXPECT_GT(history.generation(), before);
}

TEST(History, FramesAreFoundByStepAndScalarsBecomeSeries) {
  History history{RunConfig{}};
  history.append(frame("fourier", 5, 0.5));
  history.append(frame("fourier", 20, 2.0));
  history.append(frame("fourier", 10, 1.0));  // a slow job, late
  history.append(frame("fourier", 20, 3.0));  // replaces
  EXPECT_EQ(history.latest_at("fourier", 4), nullptr);
  EXPECT_EQ(history.latest_at("fourier", 12)->step, 10);
  EXPECT_EQ(history.latest_at("fourier", 99)->scalars.at("gini"), 3.0);
  EXPECT_EQ(history.latest_at("ranks", 99), nullptr);
  EXPECT_EQ(history.frames("fourier").size(), 3u);
  EXPECT_EQ(history.probes(), std::vector<std::string>{"fourier"});
  const Series& gini = *history.series("fourier.gini");
  EXPECT_EQ(std::vector<double>(gini.x().begin(), gini.x().end()), (std::vector<double>{5.0, 10.0, 20.0}));
  EXPECT_EQ(std::vector<double>(gini.y().begin(), gini.y().end()), (std::vector<double>{0.5, 1.0, 3.0}))
      << "the late look has its place, the second at one step replaces the first";
}

TEST(History, FramesAreThinnedEvenlyInLogStep) {
  History history{RunConfig{}};
  for (std::int64_t step = 0; step <= 100000; step += 10) history.append(frame("fourier", step));
  const auto frames = history.frames("fourier");
  ASSERT_EQ(frames.size(), History::kFramesPerProbe);
  EXPECT_EQ(frames.front()->step, 0);
  EXPECT_EQ(frames.back()->step, 100000);
  // Where candidates were dense (from step 1000 on), neighbours must lie at comparable distances in log step.
  double smallest = 1e9, largest = 0.0;
  for (std::size_t i = 1; i + 1 < frames.size(); ++i) {
    if (frames[i - 1]->step < 1000) continue;
    const double gap =
        std::log(static_cast<double>(frames[i]->step) / static_cast<double>(frames[i - 1]->step));
    smallest = std::min(smallest, gap);
    largest = std::max(largest, gap);
  }
  EXPECT_LT(largest / smallest, 4.0);
  const auto count = [&](std::int64_t from, std::int64_t to) {
    return std::count_if(frames.begin(), frames.end(),
                         [&](const FramePtr& f) { return f->step >= from && f->step < to; });
  };
  EXPECT_GT(count(1000, 10000), 25) << "each decade keeps its share";
  EXPECT_GT(count(10000, 100000), 25);
}

TEST(History, LargeFramesAreThinnedByBytes) {
  History history{RunConfig{}};
  constexpr std::size_t kFloats = 2u << 20;  // 8 MiB a frame
  for (std::int64_t step = 1; step <= 40; ++step) history.append(frame("answers", step, 0, kFloats));
  const auto frames = history.frames("answers");
  EXPECT_LE(frames.size() * kFloats * sizeof(float), History::kFrameBytesPerProbe);
  EXPECT_GE(frames.size(), 8u);
  EXPECT_EQ(frames.front()->step, 1);
  EXPECT_EQ(frames.back()->step, 40);
}

TEST(Interventions, ConfigAtAppliesSetEventsUpToTheStep) {
  History history{RunConfig{}};
  history.append(set_event(100, "optimizer.weight_decay", 0));
  history.append(set_event(200, "task.train_fraction", 0.65));
  history.append(set_event(300, "optimizer.weight_decay", 0.25));
  history.append(set_event(300, "optimizer.no_such_setting", 1));
  history.append(Event{250, "pause", Json::object()});
  EXPECT_EQ(config_at(history, 99).optimizer.weight_decay, 1.0);
  EXPECT_EQ(config_at(history, 100).optimizer.weight_decay, 0.0);
  EXPECT_EQ(config_at(history, 250).task.train_fraction, 0.65);
  EXPECT_EQ(config_at(history, 5000).optimizer.weight_decay, 0.25);
  EXPECT_EQ(history.config().optimizer.weight_decay, 1.0) << "the settings at the start stay";
}

TEST(Interventions, ValuesAreCheckedAgainstTheField) {
  const auto check = [](const Event& event) {
    return check_intervention(intervention_of(event), RunConfig{});
  };
  const auto wrong = check(set_event(1, "optimizer.weight_decay", "much"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "optimizer.weight_decay must be a number in 0 .. 1000, not 'much'");
  EXPECT_EQ(wrong.error().exit_code(), 2);
  const auto unknown = check(set_event(1, "optimizer.weight_deca", 1));
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("optimizer.weight_decay"), std::string::npos);
  EXPECT_TRUE(check(set_event(1, "optimizer.weight_decay", 2)));
  EXPECT_FALSE(check(set_event(1, "train.steps", 500))) << "not live";
  EXPECT_FALSE(check(set_event(1, "optimizer.weight_decay", -1)));
  EXPECT_FALSE(check(Event{1, "pause", Json::object()}));
}

/// What apply() asks of a training.
struct FakeTarget : InterventionTarget {
  RunConfig settings;
  double norm = 10.0;
  std::string computes = "fused", preferred;
  const RunConfig& config() const override { return settings; }
  Status set_live(std::string_view field, const FieldValue& value) override {
    if (field == "model.dropout") computes = "autograd";
    return set_field(settings, field, value);
  }
  std::string_view engine() const override { return computes; }
  void prefer_engine(std::string_view engine) override { preferred = engine; }
  double weight_norm() const override { return norm; }
  void scale_weights(double factor) override { norm *= factor; }
};

TEST(Interventions, EveryKindDoesWhatItsRecordSays) {
  FakeTarget target;
  const auto changed = apply_intervention(setting_change("optimizer.weight_decay", 0.25), target);
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(text_from_json(*changed), R"({"field":"optimizer.weight_decay","value":0.25,"from":1.0})");
  const auto dropout = apply_intervention(setting_change("model.dropout", 0.5), target);
  ASSERT_TRUE(dropout);
  EXPECT_EQ((*dropout)["engine"], "autograd");
  const auto again = apply_intervention({"set", *dropout}, target);  // a replay asks for the recorded one
  ASSERT_TRUE(again);
  EXPECT_EQ(target.preferred, "autograd");
  const auto scaled = apply_intervention(norm_rescaling(5.0), target);
  ASSERT_TRUE(scaled);
  EXPECT_EQ(target.norm, 5.0);
  EXPECT_EQ((*scaled)["from"], 10.0);
  target.norm = std::nan("");
  EXPECT_FALSE(apply_intervention(norm_rescaling(5.0), target));
  EXPECT_FALSE(apply_intervention({"set", Json::object()}, target)) << "lacks its field";
  EXPECT_FALSE(apply_intervention({"no_such_kind", Json::object()}, target));
}

TEST(Interventions, EveryKindCanBeReadAndPutIntoWords) {
  for (const InterventionKind* kind : intervention_kinds()) {
    EXPECT_EQ(find_intervention_kind(kind->name), kind);
    const auto bare = event_from_json(Json{{"step", 1}, {"kind", std::string(kind->name)}}, "test");
    EXPECT_EQ(bare.ok(), kind->lacks(Json::object()).empty()) << kind->name;
  }
  EXPECT_EQ(sentence_of(Event{7, "new_kind", Json::object()}), "new kind at step 7.");
  EXPECT_EQ(flag_of(Event{7, "set", Json::object()}), "set")
      << "incomplete: nothing is read that is not there";
  EXPECT_EQ(subject_of(set_event(1, "task.train_fraction", 0.5)), "task.train_fraction");
}

TEST(Interventions, SentenceNamesTheSettingAsTheWindowDoes) {
  EXPECT_EQ(sentence_of(set_event(1500, "optimizer.weight_decay", 0)),
            "Weight decay was changed to 0 at step 1\u2009500.");
}

TEST(Interventions, RescalingIsAnInterventionWithANorm) {
  const Event event{1500, "rescale_norm", {{"value", 20.5}, {"from", 41.25}}};
  EXPECT_TRUE(is_intervention(event));
  EXPECT_EQ(sentence_of(event), "The weights were rescaled to norm 20.5 at step 1\u2009500.");
  EXPECT_EQ(flag_of(event), "‖θ‖ → 20.5");
  for (const Json& bad : {Json(0), Json(-1.5), Json(2e9), Json(nullptr), Json("20")}) {
    EXPECT_FALSE(check_intervention({"rescale_norm", {{"value", bad}}}, RunConfig{})) << bad;
  }
  EXPECT_EQ(check_norm(-1.5).error().message,
            "weights cannot be rescaled to norm -1.5: choose a number above 0 and at most 1e9");
  EXPECT_FALSE(check_norm(std::nan("")));
  History history{RunConfig{}};
  history.append(event);
  EXPECT_EQ(text_from_json(json_from_config(config_at(history, 2000))),
            text_from_json(json_from_config(RunConfig{})));
}

TEST(Event, JsonRoundTripKeepsEveryKey) {
  const Event event = set_event(1500, "task.train_fraction", 0.65);
  const Json json = json_from_event(event);
  EXPECT_EQ(text_from_json(json), R"({"step":1500,"kind":"set","field":"task.train_fraction","value":0.65})");
  const auto again = event_from_json(json, "events.jsonl line 1");
  ASSERT_TRUE(again);
  EXPECT_EQ(json_from_event(*again), json);
  EXPECT_TRUE(is_intervention(*again));
  EXPECT_FALSE(is_intervention(Event{1, "pause", Json::object()}));
}

TEST(Event, AWholeNumberIsOneHoweverItIsWritten) {
  const auto event = event_from_line(R"({"step":30.0,"kind":"pause"})", "test");
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_EQ(event->step, 30);
  EXPECT_FALSE(event_from_line(R"({"step":1e300,"kind":"pause"})", "test"));
}

TEST(Evaluation, WhatEndedARunIsNamedForWhatItIs) {
  Evaluation e = evaluation(10, 0.5, 0.5);
  e.weight_norm = 3.0;
  e.train_loss = 1e30;
  EXPECT_EQ(why_diverged(e), "the training loss grew to 1e30");
  e.weight_norm = std::numeric_limits<double>::infinity();
  EXPECT_EQ(why_diverged(e), "the weight norm is infinite");
  e.train_loss = std::nan("");
  EXPECT_EQ(why_diverged(e), "the training loss is not a number");
}

TEST(Event, NonFiniteDetailIsNotedBesideNull) {
  Event event{3, "milestone", Json::object()};
  event.detail["name"] = "train_99";
  event.detail["value"] = std::nan("");
  EXPECT_EQ(text_from_json(json_from_event(event)),
            R"({"step":3,"kind":"milestone","name":"train_99","value":null,"nonfinite":["value: NaN"]})");
}

TEST(Event, WhatIsMissingOrWrongIsNamed) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"[1]", "cannot read the event: it is not a JSON object: e.jsonl line 3"},
      {R"({"kind":"pause"})", "cannot read the event: it has no \"step\": e.jsonl line 3"},
      {R"({"step":-1,"kind":"pause"})",
       "cannot read the event: it has a \"step\" that is not a whole number from 0 on: e.jsonl line 3"},
      {R"({"step":1.5,"kind":"pause"})",
       "cannot read the event: it has a \"step\" that is not a whole number from 0 on: e.jsonl line 3"},
      {R"({"step":18446744073709551615,"kind":"pause"})",
       "cannot read the event: it has a \"step\" that is not a whole number from 0 on: e.jsonl line 3"},
      {R"({"step":1})", "cannot read the event: it has no \"kind\": e.jsonl line 3"},
      {R"({"step":1,"kind":""})",
       "cannot read the event: it has a \"kind\" that is not a short text: e.jsonl line 3"},
      {R"({"step":1,"kind":"set","value":1})",
       "cannot read the event: it is of kind \"set\" and needs \"field\", a text: e.jsonl line 3"},
      {R"({"step":1,"kind":"set","field":"seed","value":[1]})",
       "cannot read the event: it is of kind \"set\" and needs \"value\", a number, a text, true or false: "
       "e.jsonl "
       "line 3"},
      {R"({"step":1,"kind":"rescale_norm","value":"big"})",
       "cannot read the event: it is of kind \"rescale_norm\" and needs \"value\", a number: e.jsonl line 3"},
      {R"({"step":1,"kind":"stopped"})",
       "cannot read the event: it is of kind \"stopped\" and needs \"reason\", a text: e.jsonl line 3"},
  };
  for (const auto& [text, message] : cases) {
    const auto event = event_from_json(*parse_json(text, "test"), "e.jsonl line 3");
    ASSERT_FALSE(event) << text;
    EXPECT_EQ(event.error().message, message);
  }
}

}  // namespace
}  // namespace grokscope
