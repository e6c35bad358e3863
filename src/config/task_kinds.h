// What a task is, as far as it can be said without its data: one row a value of task.kind. Who needs to know
// something about the task of a run asks its row; nobody compares task.kind with a name. What a task computes
// stands in data/tasks/. Torch-free. Any thread; immutable.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"

namespace grokscope {

/// What a network is given for one example.
enum class InputKind { pairs, images, features, text, graphs };

std::string_view name_of(InputKind kind);  ///< "pairs", "images", ...

/// What the answers are.
enum class AnswerKind {
  classes,
  vectors,  ///< classes with a row of numbers each, which the squared error is taken to
  numbers,  ///< no classes: right means near enough (task.tolerance)
};

struct TaskKind {
  std::string_view name;  ///< what task.kind holds
  InputKind inputs = InputKind::pairs;
  AnswerKind answers = AnswerKind::classes;
  std::string_view noun;  ///< its examples, many of them: "pairs", "reviews"
  std::string_view help;  ///< what is learned, as a part of a sentence
  /// The settings task.* that mean something to it, beside those that every task has.
  std::vector<std::string_view> settings;
  /// Its test examples are no part of what task.train_fraction divides.
  bool held_out = false;
  /// a + b that is not reduced: the places of the tokens can lie on a line, and no circle is to be found
  /// (the adder and the representation measures of Liu et al. 2022, effective theory, belong to it).
  bool plain_sums = false;
  /// "a + b mod 53", as far as the settings tell; the facts of a run know better (history/run_facts.h).
  std::string (*title)(const TaskConfig& task) = nullptr;
  /// Examples in all; 0: only the data know.
  std::int64_t (*example_count)(const TaskConfig& task) = nullptr;
  /// Different answers; 0: only the data know, or the answers are numbers.
  std::int64_t (*class_count)(const TaskConfig& task) = nullptr;
  /// What is wrong with the settings of this task; nullptr: nothing can be.
  Status (*check)(const TaskConfig& task) = nullptr;
};

/// In menu order.
std::span<const TaskKind> task_kinds();
/// nullptr if there is none of that name.
const TaskKind* find_task_kind(std::string_view name);
/// The row of a config; of a kind that does not exist a row that says nothing.
const TaskKind& task_kind_of(const TaskConfig& task);

/// Whether a setting means something to the task; settings that are not task.* always do.
bool task_has_setting(const TaskConfig& task, std::string_view setting);
/// The share of right answers that guessing gives, as far as the settings tell: one over the number of
/// answers, of ten where only the data know; 0 when the answers are numbers. The labels' majority share in
/// the facts of a run is the better one.
double chance_from_settings(const TaskConfig& task);

/// cnn1d, cnn, resnet18: convolutions with BatchNorm, whose only size is model.width.
bool is_convolutional(const ModelConfig& model);

/// Whether model.kind can read the task, and the error if not.
Status check_reader(const RunConfig& config);

}  // namespace grokscope
