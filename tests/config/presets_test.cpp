// Every preset is whole, valid and as published; files and run folders load like presets.
#include "config/presets.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <tuple>

#include "base/temporary_folder.h"
#include "config/config_json.h"
#include "config/config_text.h"
#include "config/fields.h"

namespace grokscope {
namespace {

TEST(Presets, AreWholeAndValid) {
  std::set<std::string> names;
  for (const Preset& preset : presets()) {
    SCOPED_TRACE(preset.name);
    EXPECT_TRUE(names.insert(preset.name).second);
    EXPECT_GE(preset.title.size(), 20u);
    EXPECT_GE(preset.paper.size(), 10u);
    EXPECT_GE(preset.look_for.size(), 60u);
    EXPECT_EQ(preset.config.preset, preset.name);
    const Status status = validate(preset.config);
    EXPECT_TRUE(status) << status.error().message;
  }
  for (const char* name :
       {"quickstart", "nanda-2023", "power-2022-division", "power-2022-s5", "gromov-2023",
        "fashion-mnist-mlp", "no-weight-decay", "more-data", "omnigrok-degrok", "grokfast", "orthograd"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
  EXPECT_EQ(presets().front().name, "quickstart");
}

/// All name a paper.
TEST(Presets, SayWhereTheyDifferFromThePaper) {
  for (const Preset& preset : presets()) EXPECT_GE(preset.differs.size(), 20u) << preset.name;
  EXPECT_NE(find_preset("omnigrok-mnist")->differs.find("float32"), std::string::npos);
}

TEST(Presets, WhatIsComputedHasNoRunAndSaysSo) {
  const Preset* linear = find_preset("double-descent-linear");
  ASSERT_NE(linear, nullptr);
  EXPECT_EQ(linear->opens.theory, "linear_regression");
  EXPECT_EQ(find_preset("davies-theory")->opens.assignments,
            (std::vector<std::string>{"gamma1=0", "gamma3=1"}));
  EXPECT_TRUE(check_trains(*find_preset("quickstart")));
  const auto config = load_config("double-descent-linear");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().exit_code(), 2);
  EXPECT_NE(config.error().message.find("`grokscope theory linear_regression`"), std::string::npos);
  EXPECT_FALSE(config_from_text(R"({"parent": "davies-theory"})", "mine")) << "a parent must have settings";
}

TEST(Presets, OpensIsChecked) {
  const auto sweep = preset_opens(Json::parse(R"({"opens": {"sweep": "seeds-20"}})"));
  ASSERT_TRUE(sweep);
  EXPECT_EQ(sweep->sweep, "seeds-20");
  EXPECT_TRUE(preset_opens(Json::parse("{}"))->theory.empty());
  for (const char* text : {R"({"opens": 1})", R"({"opens": {}})",
                           R"({"opens": {"theory": "a", "sweep": "b"}})", R"({"opens": {"theory": 1}})",
                           R"({"opens": {"panel": "a"}})", R"({"opens": {"sweep": "a", "set": {"n": 1}}})"})
    EXPECT_FALSE(preset_opens(Json::parse(text))) << text;
}

TEST(Presets, EveryFileInTheFolderIsInTheProgram) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(GROKSCOPE_SOURCE_DIR "/assets/presets")) {
    ++files;
    EXPECT_NE(find_preset(entry.path().stem().string()), nullptr) << entry.path();
  }
  EXPECT_EQ(files, presets().size());
}

TEST(Presets, DeepGrokkingIsFourEightAndTwelveLayersInDoublePrecision) {
  for (const auto& [name, layers, examples, steps] :
       {std::tuple("deep-grokking-mlp4", 4, 2000, 60'000), std::tuple("deep-grokking-mlp8", 8, 5000, 100'000),
        std::tuple("deep-grokking-mlp12", 12, 2000, 100'000)}) {
    const RunConfig& config = find_preset(name)->config;
    EXPECT_EQ(config.model.depth + 1, layers) << name << ": the hidden ones and the output";
    EXPECT_EQ(config.task.train_size, examples) << name;
    EXPECT_EQ(config.train.steps, steps) << name;
    EXPECT_EQ(config.train.precision, "float64") << name;
    EXPECT_EQ(config.model.width, 400) << name;
    EXPECT_EQ(config.init.scale, 8.0) << name;
    EXPECT_EQ(config.optimizer.weight_decay, 0.01) << name;
  }
}

TEST(Presets, DifferFromTheirParentWhereTheySay) {
  const RunConfig parent = find_preset("quickstart")->config;
  const auto differences = [&](const char* name) {
    std::set<std::string> different;
    for (const Field& field : fields()) {
      if (field.get(find_preset(name)->config) != field.get(parent)) different.insert(field.name);
    }
    return different;
  };
  EXPECT_EQ(differences("no-weight-decay"), (std::set<std::string>{"optimizer.weight_decay"}));
  EXPECT_EQ(differences("more-data"), (std::set<std::string>{"task.train_fraction"}));
  EXPECT_EQ(differences("nanda-2023"),
            (std::set<std::string>{"task.modulus", "task.split", "task.train_fraction", "model.mlp_width",
                                   "optimizer.learning_rate", "optimizer.weight_decay", "train.steps"}));
}

TEST(Presets, NandaIsAsPublished) {
  const RunConfig& c = find_preset("nanda-2023")->config;  // Nanda et al. 2023, §3 and the published code
  EXPECT_EQ(c.task.kind + c.task.operation, "modular+");
  EXPECT_EQ(c.task.modulus, 113);
  EXPECT_EQ(c.task.train_fraction, 0.3);
  EXPECT_EQ(c.model.kind + " " + c.model.activation + " " + c.model.normalisation + " " + c.model.positions,
            "transformer relu none learned");
  EXPECT_EQ(c.model.depth, 1);
  EXPECT_EQ(c.model.width, 128);
  EXPECT_EQ(c.model.heads, 4);
  EXPECT_EQ(c.model.mlp_width, 512);
  EXPECT_EQ(c.optimizer.kind, "adamw");
  EXPECT_EQ(c.optimizer.learning_rate, 1e-3);
  EXPECT_EQ(c.optimizer.weight_decay, 1.0);
  EXPECT_EQ(c.optimizer.beta1, 0.9);
  EXPECT_EQ(c.optimizer.beta2, 0.98);
  EXPECT_EQ(c.train.batch_size, 0);
}

TEST(LoadConfig, TakesPresetsFilesAndRunFolders) {
  EXPECT_EQ(load_config("gromov-2023")->optimizer.learning_rate, 1e6);
  const TemporaryFolder folder;
  std::ofstream(folder / "mine.json") << R"({"parent": "quickstart", "seed": 8})";
  EXPECT_EQ(load_config(folder / "mine.json")->seed, 8);
  std::ofstream(folder / "config.json") << R"({"seed": 9, "made_by": {"version": "0.1.0"}})";
  EXPECT_EQ(load_config(folder.path())->seed, 9);
}

TEST(LoadConfig, SaysWhatWasMeant) {
  const auto error = [](const std::string& text) {
    const auto config = load_config(text);
    EXPECT_EQ(config.error().blame, Blame::usage);
    return config.error().message;
  };
  EXPECT_EQ(error("nanda"),
            "unknown preset 'nanda': did you mean 'nanda-2023'? Run `grokscope presets` for the list");
  EXPECT_EQ(error("zzz"), "unknown preset 'zzz': run `grokscope presets` for the list");
  EXPECT_EQ(error(""), "unknown preset '': run `grokscope presets` for the list");
  EXPECT_EQ(error("/none/x.json"), "cannot open the file: No such file or directory: /none/x.json");
  const TemporaryFolder folder;
  std::ofstream(folder / "bad.json") << R"({"seed": "one"})";
  EXPECT_EQ(
      error(folder / "bad.json"),
      "seed must be a whole number in 0 .. 9007199254740991, not 'one' (in " + (folder / "bad.json") + ")");
}

}  // namespace
}  // namespace grokscope
