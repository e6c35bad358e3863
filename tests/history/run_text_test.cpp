// Lines of metrics.jsonl and events.jsonl, config.json, frames as bytes: exact, strict, mended at the end
// only.
#include "history/run_text.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "config/fields.h"
#include "history/frame_file.h"
#include "history/step_files.h"

namespace grokscope {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

Evaluation random_evaluation(RandomStream& random, std::int64_t step) {
  Evaluation e;
  e.step = step;
  e.elapsed_s = random.uniform();
  for (const MetricColumn& column : metric_columns()) {
    if (column.integer) {
      column.set(e, static_cast<double>(random.below(1u << 30)));
    } else {
      const std::uint64_t dice = random.below(8);
      column.set(e, dice == 0   ? Evaluation::kNan
                    : dice == 1 ? kInf
                    : dice == 2 ? -kInf
                                : std::bit_cast<double>(random.next()));
    }
  }
  return e;
}

bool same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

TEST(MetricsLine, EveryDoubleReadsBackToTheLastBit) {
  RandomStream random(1, "metrics");
  for (int trial = 0; trial < 5000; ++trial) {
    const Evaluation e = random_evaluation(random, trial);
    const std::string line = line_from_evaluation(e);
    ASSERT_EQ(line.find('\n'), std::string::npos);
    const auto read = evaluation_from_line(line, "test");
    ASSERT_TRUE(read) << line << "\n" << read.error().message;
    EXPECT_EQ(read->step, e.step);
    EXPECT_TRUE(same(read->elapsed_s, e.elapsed_s));
    for (const MetricColumn& column : metric_columns()) {
      ASSERT_TRUE(same(column.get(*read), column.get(e))) << column.name << " in " << line;
    }
  }
}

TEST(MetricsLine, IsStrictJsonWithIntegersAndNotes) {
  Evaluation e;
  e.step = 20;
  e.elapsed_s = 0.5;
  e.train_loss = kInf;
  e.test_loss = 0.1;
  e.train_accuracy = e.test_accuracy = 1.0;
  e.unmirrored_test_accuracy = 0.75;
  e.formerly_trained_loss = e.formerly_trained_accuracy = 0.0;
  e.weight_norm = -kInf;
  e.learning_rate = 0.003;
  e.weight_decay = 1;
  e.train_count = 1123;
  EXPECT_EQ(
      line_from_evaluation(e),
      R"({"step":20,"elapsed_s":0.5,"train_loss":null,"nonfinite":["train_loss: inf","weight_norm: -inf"],)"
      R"("test_loss":0.1,"train_accuracy":1.0,"test_accuracy":1.0,"unmirrored_test_accuracy":0.75,)"
      R"("formerly_trained_loss":0.0,)"
      R"("formerly_trained_accuracy":0.0,"weight_norm":null,"learning_rate":0.003,"weight_decay":1.0,)"
      R"("train_count":1123,"test_count":0,"formerly_trained_count":0})");
}

TEST(MetricsText, TornLastLineIsDroppedAtEveryByte) {
  std::string text;
  std::vector<std::size_t> line_ends{0};
  RandomStream random(2, "torn");
  for (int i = 0; i < 4; ++i) {
    text += line_from_evaluation(random_evaluation(random, i * 10)) + "\n";
    line_ends.push_back(text.size());
  }
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto lines = metrics_from_text(std::string_view(text).substr(0, size), "run/metrics.jsonl");
    ASSERT_TRUE(lines) << size << ": " << lines.error().message;
    std::size_t whole = 0;
    while (whole + 1 < line_ends.size() && line_ends[whole + 1] <= size) ++whole;
    EXPECT_EQ(lines->values.size(), whole);
    EXPECT_EQ(lines->valid_bytes, line_ends[whole]);
    EXPECT_EQ(lines->repair.empty(), line_ends[whole] == size);
    if (!lines->repair.empty()) {
      EXPECT_EQ(lines->repair,
                "dropped a torn last line of metrics.jsonl (line " + std::to_string(whole + 1) + ")");
    }
  }
}

TEST(MetricsText, UnreadableLastLineIsDroppedButAnEarlierOneIsAnError) {
  const std::string good = "{\"step\":10}\n", bad = "{\"step\":oops}\n";
  const auto last = metrics_from_text(good + bad, "run/metrics.jsonl");
  ASSERT_TRUE(last);
  EXPECT_EQ(last->values.size(), 1u);
  EXPECT_EQ(last->valid_bytes, good.size());
  EXPECT_EQ(last->repair, "dropped an unreadable last line of metrics.jsonl (line 2)");

  const auto earlier = metrics_from_text(good + bad + "{\"step\":30}\n", "run/metrics.jsonl");
  ASSERT_FALSE(earlier);
  EXPECT_EQ(earlier.error().message.find("damaged line 2 of metrics.jsonl: not valid JSON"), 0u)
      << earlier.error().message;
  EXPECT_EQ(earlier.error().message.substr(earlier.error().message.size() - 25), "line 2: run/metrics.jsonl");
}

TEST(MetricsText, EarlierDamageIsNamed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{\"step\":10}", "its step does not come after the one before"},
      {"{\"step\":-1}", "\"step\" is not a whole number from 0 on"},
      {"{\"step\":20.5}", "\"step\" is not a whole number from 0 on"},
      {"{}", "\"step\" is not a whole number from 0 on"},
      {"[20]", "not a JSON object"},
      {"{\"step\":20,\"train_loss\":\"low\"}", "\"train_loss\" is not a number"},
      {"{\"step\":20,\"train_count\":1.5}", "\"train_count\" is not a whole number from 0 on"},
  };
  for (const auto& [line, why] : cases) {
    const auto lines = metrics_from_text("{\"step\":10}\n" + line + "\n{\"step\":90}\n", "m.jsonl");
    ASSERT_FALSE(lines) << line;
    EXPECT_EQ(lines.error().message, "damaged line 2 of m.jsonl: " + why + ": line 2: m.jsonl");
  }
  const std::string endless = "{\"step\":20,\"note\":\"" + std::string(1u << 20, 'x') + "\"}";
  const auto lines = metrics_from_text("{\"step\":10}\n" + endless + "\n{\"step\":90}\n", "m.jsonl");
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().message, "damaged line 2 of m.jsonl: the line is too long: m.jsonl");
}

TEST(MetricsText, ColumnsOfOtherVersionsAreToleratedBothWays) {
  const auto lines = metrics_from_text("{\"step\":10,\"test_loss\":0.25,\"sharpness\":3}\n", "m");
  ASSERT_TRUE(lines);
  EXPECT_EQ(lines->values[0].test_loss, 0.25);
  EXPECT_TRUE(std::isnan(lines->values[0].train_loss));
}

TEST(EventsText, ReadsTheScriptOfTheCommandLine) {
  const auto lines = events_from_text(
      "{\"step\":1500,\"kind\":\"set\",\"field\":\"task.train_fraction\",\"value\":0.65}\n", "events.jsonl");
  ASSERT_TRUE(lines);
  EXPECT_EQ(lines->values[0].detail["value"], 0.65);
  const auto bad = events_from_text("{\"step\":1}\n{\"step\":2,\"kind\":\"pause\"}\n", "a/events.jsonl");
  ASSERT_FALSE(bad);
  EXPECT_EQ(
      bad.error().message,
      "damaged line 1 of events.jsonl: cannot read the event: it has no \"kind\": line 1: a/events.jsonl");
}

TEST(ConfigFile, RoundTripKeepsEverySetting) {
  ConfigFile file;
  file.config.preset = "quickstart";
  file.config.seed = 42;
  file.config.task.modulus = 97;
  file.config.optimizer.weight_decay = 0.1;
  file.made_by = {"0.1.0", "1.13.1", "OpenBLAS 0.3.21", "CPU", "2025-01-31T12:00:00Z", 2, "fused"};
  const std::string text = text_from_config_file(file);
  const auto read = config_file_from_text(text, "config.json");
  ASSERT_TRUE(read) << read.error().message;
  for (const Field& field : fields())
    EXPECT_EQ(field.get(read->config), field.get(file.config)) << field.name;
  EXPECT_EQ(read->config.preset, "quickstart");
  EXPECT_EQ(read->made_by.blas, "OpenBLAS 0.3.21");
  EXPECT_EQ(read->made_by.threads, 2);
  EXPECT_EQ(read->made_by.engine, "fused");
  EXPECT_EQ(text_from_config_file(*read), text);
  EXPECT_EQ(text.find("{\n  \"schema\": \"grokscope.config/1\""), 0u);
}

TEST(ConfigFile, DamageIsAnError) {
  EXPECT_EQ(config_file_from_text("{}", "c").error().message, "\"schema\" is not \"grokscope.config/1\": c");
  EXPECT_EQ(config_file_from_text("3", "c").error().message, "not a JSON object: c");
  EXPECT_FALSE(config_file_from_text("{\"schema\":\"grokscope.config/1\",\"sed\":1}", "c"));
  EXPECT_FALSE(config_file_from_text("", "c"));
  EXPECT_TRUE(config_file_from_text("{\"schema\":\"grokscope.config/1\",\"seed\":1}", "c"));
}

TEST(FrameFile, RoundTripKeepsArraysScalarsAndTexts) {
  Frame frame;
  frame.probe = "fourier";
  frame.step = 1234;
  frame.scalars = {{"gini", 0.1}, {"nan", std::nan("")}, {"inf", kInf}, {"minus", -kInf}};
  frame.arrays["power"] = {{2, 2}, {0.1f, std::nanf(""), 3, 4}};
  frame.arrays["none"] = {};
  frame.texts["kind"] = "cyclic \"é\"\n";
  const auto read = frame_from_tensor_file(tensor_file_from_frame(frame), "test");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->probe, "fourier");
  EXPECT_EQ(read->step, 1234);
  EXPECT_EQ(read->texts, frame.texts);
  EXPECT_EQ(read->scalars.at("gini"), 0.1);
  EXPECT_TRUE(std::isnan(read->scalars.at("nan")));
  EXPECT_EQ(read->scalars.at("inf"), kInf);
  EXPECT_EQ(read->scalars.at("minus"), -kInf);
  EXPECT_EQ(read->arrays.at("power").shape, frame.arrays["power"].shape);
  EXPECT_EQ(read->arrays.at("power").values[3], 4.0f);
  EXPECT_TRUE(read->arrays.at("none").shape.empty());
  EXPECT_TRUE(read->not_applicable.empty());
}

TEST(FrameFile, DamageIsNamed) {
  Frame frame;
  frame.probe = "fourier";
  const auto message_after = [&](auto change) {
    TensorFile file = tensor_file_from_frame(frame);
    change(file);
    const auto read = frame_from_tensor_file(file, "f");
    return read ? std::string("no error") : read.error().message;
  };
  EXPECT_EQ(message_after([](TensorFile&) {}), "no error");
  EXPECT_EQ(message_after([](TensorFile& f) { f.metadata.erase("schema"); }),
            "damaged frame: its schema is not grokscope.frame/1: f");
  EXPECT_EQ(message_after([](TensorFile& f) { f.metadata["probe"] = "../../x"; }),
            "damaged frame: its probe has no proper name: f");
  EXPECT_EQ(message_after([](TensorFile& f) { f.metadata["step"] = "-1"; }),
            "damaged frame: its step is not a whole number from 0 on: f");
  EXPECT_EQ(message_after([](TensorFile& f) { f.metadata["scalars"] = R"({"a":[]})"; }),
            "damaged frame: its scalar 'a' is not a number: f");
  EXPECT_EQ(message_after([](TensorFile& f) { f.metadata["texts"] = "[]"; }),
            "damaged frame: its texts are not an object: f");
  EXPECT_EQ(message_after([](TensorFile& f) {
              f.tensors["w"] = {ScalarType::f64, {1}, std::vector<std::uint8_t>(8)};
            }),
            "damaged frame: its array 'w' is not of type F32: f");
}

TEST(StepFiles, OnlyTheProperSpellingIsAStep) {
  EXPECT_EQ(step_file_name(1234), "step_00001234.safetensors");
  EXPECT_EQ(step_file_name(123456789012), "step_123456789012.safetensors");
  for (const std::int64_t step : {std::int64_t{0}, std::int64_t{1234}, std::int64_t{99999999}, INT64_MAX}) {
    EXPECT_EQ(step_from_file_name(step_file_name(step)), step);
  }
  for (const char* name :
       {"step_1234.safetensors", "step_-0001234.safetensors", "step_0000123x.safetensors",
        ".step_00001234.safetensors.12.1.tmp", "step_00001234.safetensors.tmp", "", "step_.safetensors",
        "step_99999999999999999999.safetensors", "step_000001234.safetensors"}) {
    EXPECT_EQ(step_from_file_name(name), -1) << name;
  }
}

TEST(StepFiles, ThinningKeepsTheEndsAndTheLimit) {
  std::vector<std::pair<std::int64_t, std::string>> files;
  for (std::int64_t step = 0; step <= 10000; ++step) files.emplace_back(step, "");
  const auto kept = thinned_in_log_step(files, 100);
  EXPECT_LE(kept.size(), 100u);
  EXPECT_GE(kept.size(), 60u);
  EXPECT_EQ(kept.front().first, 0);
  EXPECT_EQ(kept.back().first, 10000);
  EXPECT_EQ(thinned_in_log_step({{1, "a"}}, 100).size(), 1u);
}

}  // namespace
}  // namespace grokscope
