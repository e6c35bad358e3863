// Data exports: snapshot.json and config.json against their schemas, CSV and weights read back; diverged runs
// included.
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>

#include "../history/curves.h"
#include "../history/scratch.h"
#include "config/config_json.h"
#include "config/fields.h"
#include "export/csv.h"
#include "export/safetensors_export.h"
#include "export/snapshot_json.h"
#include "history/run_text.h"
#include "schema_check.h"

namespace grokscope {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

Json schema(const std::string& name) {
  const std::string path = std::string(GROKSCOPE_SOURCE_DIR) + "/docs/schema/" + name + ".schema.json";
  auto json = parse_json(text_of_file(path), path);
  EXPECT_TRUE(json) << json.error().message;
  return *json;
}

std::vector<std::string> breaches(const std::string& schema_name, const Json& document) {
  const Json rules = schema(schema_name);
  return SchemaCheck(rules).errors_of(document);
}

/// With a probe off the evaluations' steps, non-finite numbers everywhere they can stand, an intervention,
/// the end.
History diverged_run() {
  History history = grokking_run(300);
  Frame frame;
  frame.probe = "fourier";
  frame.step = 105;
  frame.scalars = {{"gini", 0.1}, {"worst", -kInf}};
  frame.arrays["power"] = {{2, 2},
                           {0.1f, std::nanf(""), std::nanf(""), -std::numeric_limits<float>::infinity()}};
  frame.texts["kind"] = "cyclic";
  history.append(std::make_shared<const Frame>(frame));
  Frame absent;
  absent.probe = "progress";
  absent.step = 105;
  absent.not_applicable = "Only for modular addition.";
  history.append(std::make_shared<const Frame>(absent));
  Evaluation broken;
  broken.step = 310;
  broken.train_loss = kInf;
  broken.train_count = 1000;
  broken.elapsed_s = 0.31;
  history.append(broken);
  Event set{200, "set", Json::object()};
  set.detail["field"] = "optimizer.weight_decay";
  set.detail["value"] = 0.25;
  history.append(set);
  Event stopped{310, "stopped", Json::object()};
  stopped.detail["reason"] = "diverged";
  history.append(stopped);
  return history;
}

Json snapshot(const History& history, std::int64_t step) {
  return snapshot_json(history, {"0.1.0", "1.13", "OpenBLAS", "CPU", "2025-01-31T12:00:00Z", 2},
                       Json{{"class_count", 53}}, step);
}

TEST(SchemaCheck, FindsWhatIsWrong) {
  const Json good = snapshot(grokking_run(), 2000);
  ASSERT_TRUE(breaches("snapshot", good).empty()) << breaches("snapshot", good)[0];
  const auto first_breach = [&](auto change) {
    Json bad = good;
    change(bad);
    const auto errors = breaches("snapshot", bad);
    return errors.empty() ? std::string("none") : errors[0];
  };
  EXPECT_EQ(first_breach([](Json& j) { j.erase("verdict"); }), "$ lacks \"verdict\"");
  EXPECT_EQ(first_breach([](Json& j) { j["extra"] = 1; }), "$.extra is not allowed");
  EXPECT_EQ(first_breach([](Json& j) { j["step"] = -1; }), "$.step is beyond the minimum");
  EXPECT_EQ(
      first_breach([](Json& j) { j["phases"][0]["name"] = "thinking"; }).find("$.phases[0].name is none of"),
      0u);
  EXPECT_EQ(first_breach([](Json& j) { j["series"]["evaluations"]["test_loss"][3] = "NaN"; }),
            "$.series.evaluations.test_loss[3] is not of type [\"number\",\"null\"]");
}

TEST(Snapshot, IsValidAtEveryStageAndWhenDiverged) {
  for (const History& history :
       {History{RunConfig{}}, grokking_run(0), grokking_run(), ungrok_run(), diverged_run()}) {
    for (const std::int64_t step : {0, 105, 310, 4000}) {
      const auto errors = breaches("snapshot", snapshot(history, step));
      EXPECT_TRUE(errors.empty()) << errors[0];
    }
  }
}

TEST(Snapshot, IsStrictJsonWithNotesBesideNulls) {
  const History history = diverged_run();
  const std::string text = text_from_json(snapshot(history, 310));
  const auto read = parse_json(text, "snapshot");
  ASSERT_TRUE(read) << read.error().message;
  const Json& columns = (*read)["series"]["evaluations"];
  const std::size_t last = history.evaluations().size() - 1;
  EXPECT_TRUE(columns["train_loss"][last].is_null());
  EXPECT_EQ(text_from_json(columns["nonfinite"]["train_loss"]),
            "[{\"from\":31,\"to\":31,\"value\":\"inf\"}]");
  EXPECT_EQ(text_from_json(columns["nonfinite"]["formerly_trained_loss"]),
            "[{\"from\":0,\"to\":31,\"value\":\"NaN\"}]");
  EXPECT_EQ(columns["train_accuracy"][5].get<double>(), history.evaluations()[5].train_accuracy);
  const Json& frame = (*read)["frames"][0];
  EXPECT_EQ(text_from_json(frame["arrays"]["power"]),
            "{\"shape\":[2,2],\"values\":[0.1,null,null,null],\"nonfinite\":[{\"from\":1,\"to\":2,\"value\":"
            "\"NaN\"},"
            "{\"from\":3,\"to\":3,\"value\":\"-inf\"}]}");
  EXPECT_EQ(text_from_json(frame["nonfinite"]), "[\"worst: -inf\"]");
  EXPECT_EQ((*read)["frames"][1]["not_applicable"], "Only for modular addition.");
  EXPECT_EQ((*read)["series"]["probes"]["fourier.gini"]["step"][0], 105);
  EXPECT_EQ((*read)["verdict"]["fact"], "Training broke down at step 310.");
  EXPECT_EQ((*read)["phases"].back()["name"], "diverged");
}

TEST(Snapshot, ShowsTheSettingsAndFramesOfItsStep) {
  const History history = diverged_run();
  const Json early = snapshot(history, 100), late = snapshot(history, 300);
  EXPECT_EQ(early["config_now"]["optimizer"]["weight_decay"], 1.0);
  EXPECT_EQ(late["config_now"]["optimizer"]["weight_decay"], 0.25);
  EXPECT_EQ(late["config"]["optimizer"]["weight_decay"], 1.0);
  EXPECT_TRUE(early["frames"].empty());
  EXPECT_EQ(late["frames"].size(), 2u);
  EXPECT_EQ(late["first_step"]["train_90"], 90);
  EXPECT_EQ(late["phase"], "undecided");
  EXPECT_EQ(snapshot(history, 400)["phase"], "memorisation");  // broke down after it had memorised
  EXPECT_EQ(late["first_step"]["train_99"], 90);
  EXPECT_TRUE(late["first_step"]["test_99"].is_null());
  EXPECT_EQ(late["facts"]["class_count"], 53);
}

TEST(Snapshot, LeavesOutArraysThatAreTooManyNumbers) {
  History history = grokking_run(30);
  Frame frame;
  frame.probe = "fourier";
  frame.step = 20;
  frame.arrays["a"] = {{3'000'000}, std::vector<float>(3'000'000, 0.5f)};
  frame.arrays["b"] = {{2'000'000}, std::vector<float>(2'000'000, 0.5f)};
  frame.arrays["c"] = {{2}, {0.5f, 0.25f}};
  history.append(std::make_shared<const Frame>(frame));
  const Json json = snapshot(history, 30);
  const Json& arrays = json["frames"][0]["arrays"];
  EXPECT_EQ(arrays["a"]["values"].size(), 3'000'000u);
  EXPECT_TRUE(arrays["b"]["values"].is_null());
  EXPECT_EQ(arrays["b"]["shape"], Json({2'000'000}));
  EXPECT_EQ(arrays["c"]["values"], Json({0.5, 0.25}));
}

TEST(Snapshot, IsOneLineOfStrictJson) {
  const std::string text = snapshot_text(grokking_run(), {}, Json::object(), 500);
  EXPECT_TRUE(parse_json(text, "snapshot"));
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

TEST(ConfigSchema, HoldsForWrittenConfigsAndKnowsEveryField) {
  const auto written = parse_json(text_from_config_file({RunConfig{}, {}}), "config.json");
  ASSERT_TRUE(written);
  const auto errors = breaches("config", *written);
  EXPECT_TRUE(errors.empty()) << errors[0];
  Json misspelt = *written;
  misspelt["optimizer"]["wieght_decay"] = 1;
  EXPECT_EQ(breaches("config", misspelt),
            std::vector<std::string>{"$.optimizer.wieght_decay is not allowed"});

  const Json rules = schema("config");
  for (const Field& field : fields()) {
    std::string pointer = "/properties/" + field.name;
    if (const auto dot = pointer.find('.'); dot != std::string::npos) pointer.replace(dot, 1, "/properties/");
    ASSERT_TRUE(rules.contains(Json::json_pointer(pointer)))
        << field.name << " is missing in config.schema.json";
    const Json& rule = rules.at(Json::json_pointer(pointer));
    if (field.type == FieldType::choice) {
      EXPECT_EQ(rule["enum"], Json(field.choices)) << field.name;
    }
    if (field.type == FieldType::real) {
      EXPECT_EQ(rule["minimum"].get<double>(), field.minimum) << field.name;
      EXPECT_EQ(rule["maximum"].get<double>(), field.maximum) << field.name;
    }
  }
}

std::vector<std::vector<std::string>> cells_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows(1, {""});
  for (const char c : csv) {
    if (c == '\n') {
      rows.push_back({""});
    } else if (c == ',') {
      rows.back().emplace_back();
    } else {
      rows.back().back() += c;
    }
  }
  rows.pop_back();
  return rows;
}

TEST(Csv, EveryRowHasEveryColumnAndNumbersReadBack) {
  const History history = diverged_run();
  const auto rows = cells_of(csv_text(history));
  ASSERT_EQ(rows.size(), 1 + history.evaluations().size() + 1)
      << "header, evaluations, one step of a probe alone";
  const std::size_t width = 2 + metric_columns().size() + 2;
  for (const auto& row : rows) ASSERT_EQ(row.size(), width);
  EXPECT_EQ(rows[0][0], "elapsed_s");
  EXPECT_EQ(rows[0][1], "step");
  EXPECT_EQ(rows[0][2], "train_loss");
  EXPECT_EQ(rows[0][width - 2], "fourier.gini");
  const auto column_of = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(rows[0].begin(), rows[0].end(), name) - rows[0].begin());
  };
  const std::size_t norm_column = column_of("weight_norm");
  std::size_t next = 0;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    if (rows[r][1] == "105") {
      EXPECT_EQ(rows[r][0] + rows[r][2], "") << "nothing was evaluated there";
      EXPECT_EQ(rows[r][width - 2], "0.1");
      EXPECT_EQ(rows[r][width - 1], "-inf");
      continue;
    }
    const Evaluation& e = history.evaluations()[next++];
    EXPECT_EQ(rows[r][1], std::to_string(e.step));
    double norm = 0;
    std::from_chars(rows[r][norm_column].data(), rows[r][norm_column].data() + rows[r][norm_column].size(),
                    norm);
    if (std::isfinite(e.weight_norm)) {
      EXPECT_EQ(norm, e.weight_norm);
    }
    EXPECT_EQ(rows[r][width - 2], "");
  }
  EXPECT_EQ(rows.back()[2], "inf");
  EXPECT_EQ(rows.back()[3], "nan");
  EXPECT_EQ(rows.back()[column_of("train_count")], "1000") << "counts are whole numbers";
}

TEST(Csv, EmptyRunIsAHeader) {
  const auto rows = cells_of(csv_text(History{RunConfig{}}));
  EXPECT_EQ(rows.size(), 1u);
}

TEST(SafetensorsExport, CopiesTheNewestCompleteOrTheGivenCheckpoint) {
  const Scratch scratch;
  const std::string run = scratch.path("run");
  auto writer = RunFolderWriter::create(run, RunConfig{}, {});
  ASSERT_TRUE(writer);
  (*writer)->flush();
  EXPECT_EQ(checked_weights(run, {}).error().message,
            "cannot export the weights: the run has no complete checkpoint: " + run);
  for (const std::int64_t step : {100, 2000, 3000}) {
    TensorFile file;
    file.tensors["theta"] = {ScalarType::u8, {1}, {static_cast<std::uint8_t>(step / 100)}};
    (*writer)->write(Checkpoint{step, file});
  }
  (*writer)->flush();
  std::filesystem::resize_file(checkpoint_path(run, 3000), 30);
  const auto newest = checked_weights(run, {}), first = checked_weights(run, 100);
  ASSERT_TRUE(newest && first);
  EXPECT_EQ(newest->step, 2000);
  EXPECT_EQ(tensor_file_from_bytes(newest->bytes, "newest")->tensors["theta"].bytes[0], 20);
  EXPECT_EQ(first->step, 100);
  EXPECT_EQ(tensor_file_from_bytes(first->bytes, "first")->tensors["theta"].bytes[0], 1);
  const auto absent = checked_weights(run, 1990);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().message,
            "cannot export the weights: there is no complete checkpoint of step 1\u2009990; the nearest is "
            "that of step "
            "2\u2009000: " +
                run);
  EXPECT_EQ(absent.error().exit_code(), 2);
}

}  // namespace
}  // namespace grokscope
