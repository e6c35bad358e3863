// The rows of the tasks: every kind has one, and what follows from a row.
#include <gtest/gtest.h>

#include "config/fields.h"
#include "config/operations.h"
#include "config/task_kinds.h"

namespace grokscope {
namespace {

TaskConfig task_of(const char* kind) {
  TaskConfig task;
  task.kind = kind;
  return task;
}

TEST(TaskKinds, EveryRowSaysWhatItMust) {
  for (const TaskKind& kind : task_kinds()) {
    EXPECT_EQ(find_task_kind(kind.name), &kind);
    EXPECT_EQ(kind.noun.back(), 's') << kind.noun << ": sentences take the s off for one of them";
    EXPECT_FALSE(kind.help.empty()) << kind.name;
    EXPECT_NE(kind.title, nullptr) << kind.name;
    for (const std::string_view setting : kind.settings) EXPECT_NE(find_field(setting), nullptr) << setting;
    const bool counts = kind.class_count != nullptr;
    EXPECT_FALSE(counts && kind.answers == AnswerKind::numbers) << kind.name << " has no classes";
  }
}

TEST(TaskKinds, AKindThatDoesNotExistSaysNothing) {
  EXPECT_EQ(find_task_kind("nonsense"), nullptr);
  const TaskKind& unknown = task_kind_of(task_of("nonsense"));
  EXPECT_TRUE(unknown.name.empty());
  EXPECT_EQ(unknown.noun, "examples");
  EXPECT_EQ(unknown.check, nullptr);
}

TEST(TaskKinds, EveryOperationBelongsToARow) {
  for (const Operation& operation : operations()) EXPECT_NE(find_task_kind(operation.kind), nullptr);
}

TEST(TaskKinds, SettingsOfOtherTasksMeanNothing) {
  RunConfig config;
  const auto applies = [&](const char* kind, const char* field) {
    config.task.kind = kind;
    return field_applies(*find_field(field), config);
  };
  EXPECT_TRUE(applies("modular", "task.modulus"));
  EXPECT_FALSE(applies("s5", "task.modulus"));
  EXPECT_TRUE(applies("s5", "task.operation"));
  EXPECT_FALSE(applies("modular", "task.max_atoms"));
  EXPECT_TRUE(applies("molecules", "task.max_atoms"));
  for (const TaskKind& kind : task_kinds()) {
    EXPECT_TRUE(applies(std::string(kind.name).c_str(), "task.train_fraction")) << kind.name;
    EXPECT_TRUE(applies(std::string(kind.name).c_str(), "optimizer.weight_decay")) << kind.name;
  }
}

TEST(TaskKinds, ChanceIsOneOverTheAnswersAsFarAsSettingsTell) {
  TaskConfig task;
  task.modulus = 97;
  EXPECT_DOUBLE_EQ(chance_from_settings(task), 1.0 / 97);
  EXPECT_DOUBLE_EQ(chance_from_settings(task_of("s5")), 1.0 / 120);
  EXPECT_DOUBLE_EQ(chance_from_settings(task_of("text")), 0.5);
  EXPECT_DOUBLE_EQ(chance_from_settings(task_of("molecules")), 0.0);
  EXPECT_DOUBLE_EQ(chance_from_settings(task_of("images")), 0.1);
  EXPECT_DOUBLE_EQ(chance_from_settings(task_of("mnist1d")), 0.1);
}

TEST(TaskKinds, TitlesAreThoseOfTheData) {
  TaskConfig task;
  EXPECT_EQ(task_kind_of(task).title(task), "a + b mod 53");
  task.operation = "-";
  EXPECT_EQ(task_kind_of(task).title(task), "a − b mod 53");
  task = task_of("table");
  task.path = "/somewhere/xor.csv";
  EXPECT_EQ(task_kind_of(task).title(task), "xor.csv");
}

}  // namespace
}  // namespace grokscope
