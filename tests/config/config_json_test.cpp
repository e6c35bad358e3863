// RunConfig to JSON and back; every way to get it wrong, with its whole message.
#include "config/config_json.h"

#include <gtest/gtest.h>

#include "config/fields.h"
#include "config/other_value.h"
#include "config/presets.h"

namespace grokscope {
namespace {

std::string error_of(std::string_view text) {
  const auto config = config_from_text(text, "my.json");
  if (config) return "accepted";
  EXPECT_EQ(config.error().blame, Blame::usage) << text;
  return config.error().message;
}

void expect_equal(const RunConfig& a, const RunConfig& b) {
  EXPECT_EQ(a.preset, b.preset);
  for (const Field& field : fields()) EXPECT_EQ(field.get(a), field.get(b)) << field.name;
}

TEST(ConfigJson, EveryFieldSurvivesTheRoundTrip) {
  for (const Field& field : fields()) {
    RunConfig config;
    ASSERT_TRUE(set_field(config, field.name, other_value(field, config)));
    const auto back = config_from_text(text_from_json(json_from_config(config)), "round trip");
    ASSERT_TRUE(back) << back.error().message;
    expect_equal(*back, config);
  }
}

TEST(ConfigJson, StartsWithThePresetAndFollowsTheTable) {
  const std::string text = text_from_json(json_from_config(find_preset("quickstart")->config));
  EXPECT_TRUE(
      text.starts_with(R"({"preset":"quickstart","task":{"kind":"modular","operation":"+","modulus":67,)"))
      << text;
  EXPECT_TRUE(text.ends_with(R"("seed":0})")) << text;
}

TEST(ConfigJson, AppliesAPatchOnAParent) {
  const auto config =
      config_from_text(R"({"parent": "nanda-2023", "optimizer": {"weight_decay": 2}, "seed": 3.0})", "x");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->preset, "nanda-2023");
  EXPECT_EQ(config->task.modulus, 113);
  EXPECT_EQ(config->optimizer.weight_decay, 2.0);
  EXPECT_EQ(config->seed, 3);
}

TEST(ConfigJson, ReadsARunFoldersConfig) {
  Json json = json_from_config(find_preset("gromov-2023")->config);
  json["made_by"] = {{"version", "0.1.0"}, {"threads", 2}};
  const auto config = config_from_text(text_from_json(json), "config.json");
  ASSERT_TRUE(config) << config.error().message;
  expect_equal(*config, find_preset("gromov-2023")->config);
}

TEST(ConfigJson, TheOrderOfKeysDoesNotMatter) {
  const auto config = config_from_text(R"({"task": {"operation": "x*y", "kind": "s5"}})", "x");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->task.operation, "product");
}

TEST(ConfigJson, TakesDottedNamesButNoSettingTwice) {
  EXPECT_EQ(config_from_text(R"({"optimizer.weight_decay": 0})", "x")->optimizer.weight_decay, 0.0);
  EXPECT_EQ(error_of(R"({"optimizer.weight_decay": 0, "optimizer": {"weight_decay": 1}})"),
            "optimizer.weight_decay is given twice (in my.json)");
}

TEST(ConfigJson, RefusesUnknownNames) {
  EXPECT_EQ(error_of(R"({"optimizer": {"lr": 1}})"),
            "unknown setting 'optimizer.lr': did you mean 'optimizer.learning_rate'? (in my.json)");
  EXPECT_EQ(error_of(R"({"optimiser": {"kind": "sgd"}})"),
            "unknown group of settings 'optimiser': did you mean 'optimizer'? (in my.json)");
  EXPECT_EQ(error_of(R"({"zzzz": {}})"),
            "unknown setting 'zzzz': run `grokscope fields` for the list (in my.json)");
}

TEST(ConfigJson, RefusesWrongTypes) {
  EXPECT_EQ(error_of("[]"), "settings must be a JSON object, not a list (in my.json)");
  EXPECT_EQ(error_of(R"({"task": 3})"), "task must be an object of settings, not 3 (in my.json)");
  EXPECT_EQ(error_of(R"({"task": null})"), "task must be an object of settings, not null (in my.json)");
  EXPECT_EQ(error_of(R"({"task": {"modulus": null}})"),
            "task.modulus must be a value, not null (in my.json)");
  EXPECT_EQ(error_of(R"({"task": {"modulus": {"x": 1}}})"),
            "task.modulus must be a value, not an object (in my.json)");
  EXPECT_EQ(error_of(R"({"task": {"modulus": [53]}})"),
            "task.modulus must be a value, not a list (in my.json)");
  EXPECT_EQ(error_of(R"({"task": {"modulus": "53"}})"),
            "task.modulus must be a whole number in 2 .. 1009, not '53' (in my.json)");
  EXPECT_EQ(error_of(R"({"task": {"modulus": 3.5}})"),
            "task.modulus must be a whole number in 2 .. 1009, not 3.5 (in my.json)");
  EXPECT_EQ(error_of(R"({"model": {"bias": 1}})"), "model.bias must be true or false, not 1 (in my.json)");
  EXPECT_EQ(error_of(R"({"preset": 1})"), "preset must be a text, not 1 (in my.json)");
  EXPECT_EQ(error_of(R"({"parent": 1})"), "parent must be the name of a preset, not 1 (in my.json)");
}

TEST(ConfigJson, RefusesValuesOutOfRange) {
  EXPECT_EQ(error_of(R"({"task": {"modulus": 1010}})"),
            "task.modulus must be in 2 .. 1009, not 1010 (in my.json)");
  EXPECT_EQ(error_of(R"({"seed": -1})"), "seed must be in 0 .. 9007199254740991, not -1 (in my.json)");
  EXPECT_EQ(error_of(R"({"seed": 18446744073709551615})"),
            "seed must be a whole number in 0 .. 9007199254740991, not 1.8446744073709552e19 (in my.json)");
  EXPECT_EQ(error_of(R"({"loss": {"kind": "hinge"}})"),
            "loss.kind must be one of cross_entropy | mse | stablemax, not 'hinge' (in my.json)");
}

TEST(ConfigJson, RefusesPresetNamesThatCouldBePaths) {
  EXPECT_EQ(error_of(R"({"preset": "../../etc"})"),
            "preset must be a name of at most 64 letters, digits, '-' and '_' (in my.json)");
}

TEST(ConfigJson, RefusesWhatIsNotJson) {
  EXPECT_EQ(error_of(R"({"seed": NaN})"),
            "not valid JSON at line 1, column 10: invalid literal; last read: '\"seed\": N': my.json");
  EXPECT_EQ(error_of("{\"seed\": 1,\n\"seed\": 2}"),
            "not valid JSON at line 2, column 6: the key \"seed\" appears twice: my.json");
  EXPECT_EQ(error_of(std::string(1'048'577, ' ')), "JSON is larger than the limit of 1048576 bytes: my.json");
}

TEST(ConfigJson, NamesAnUnknownParent) {
  EXPECT_EQ(error_of(R"({"parent": "quikstart"})"),
            "unknown preset 'quikstart': did you mean 'quickstart'? Run `grokscope presets` for the list (in "
            "my.json)");
}

TEST(ConfigJson, ARefusedPatchChangesNothing) {
  RunConfig config;
  const auto patch = parse_json(R"({"seed": 4, "task": {"modulus": 1}})", "x");
  EXPECT_FALSE(apply_config_json(config, *patch, "x"));
  expect_equal(config, RunConfig{});
}

}  // namespace
}  // namespace grokscope
