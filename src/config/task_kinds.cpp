// The rows: see task_kinds.h. A function that only one row needs stands before it.
#include "config/task_kinds.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "config/operations.h"

namespace grokscope {
namespace {

constexpr std::int64_t kPermutations = 120;
constexpr std::int64_t kUsualTeacherExamples = 200;  // 100 to train on and 100 to test
constexpr std::int64_t kUsualParityExamples = 2000;
constexpr std::int64_t kMnist1dClasses = 10;
constexpr double kUsualClasses = 10.0;  // digits, clothes

bool is_prime(std::int64_t value) {
  if (value < 2) return false;
  for (std::int64_t divisor = 2; divisor * divisor <= value; ++divisor) {
    if (value % divisor == 0) return false;
  }
  return true;
}

std::string operations_of(std::string_view kind) {
  std::vector<std::string> names;
  for (const Operation& operation : operations()) {
    if (operation.kind == kind) names.push_back(operation.name);
  }
  return fmt::format("{}", fmt::join(names, " | "));
}

Status check_operation(const TaskConfig& task) {
  const Operation* operation = find_operation(task.kind, task.operation);
  if (operation == nullptr || operation->kind != task.kind) {
    return usage_error(
        fmt::format("task.operation = '{}' does not belong to task.kind = {}: choose one of {}",
                    task.operation, task.kind, operations_of(task.kind)));
  }
  if (operation->divides && !is_prime(task.modulus)) {
    return usage_error(fmt::format(
        "task.operation = '{}' divides, so task.modulus must be prime, and {} is not: try 53 or 97",
        task.operation, task.modulus));
  }
  return {};
}

std::string title_of_operation(const TaskConfig& task) {
  const Operation* operation = find_operation(task.kind, task.operation);
  return operation == nullptr ? task.operation : operation->title;
}

std::string modular_title(const TaskConfig& task) {
  return fmt::format("{} mod {}", title_of_operation(task), task.modulus);
}

std::int64_t all_pairs(const TaskConfig& task) {
  return task.modulus * task.modulus;
}
std::int64_t one_class_a_token(const TaskConfig& task) {
  return task.modulus;
}

std::int64_t permutation_pairs(const TaskConfig&) {
  return kPermutations * kPermutations;
}
std::int64_t permutation_classes(const TaskConfig&) {
  return kPermutations;
}

std::string formula_title(const TaskConfig& task) {
  return fmt::format("{} mod {}", task.formula, task.modulus);
}
Status check_formula(const TaskConfig& task) {
  if (!task.formula.empty()) return {};
  return usage_error("task.kind = formula needs task.formula, for example task.formula=a^2+3*b");
}

std::string name_in_path(const TaskConfig& task) {
  return task.path.substr(task.path.find_last_of('/') + 1);
}
Status check_table(const TaskConfig& task) {
  return task.path.empty() ? usage_error("task.kind = table needs task.path, a CSV file") : Status();
}

std::string images_title(const TaskConfig& task) {
  const std::string name = name_in_path(task);
  return name.empty() ? "Images" : name;
}
Status check_images(const TaskConfig& task) {
  if (task.channels != 0 && task.channels != 3) {
    return usage_error(fmt::format(
        "task.channels = {}: pictures are taken as they are (0) or in three channels (3)", task.channels));
  }
  if (!task.path.empty()) return {};
  return usage_error(
      "task.kind = images needs task.path, a folder of IDX files such as /usr/share/datasets/fashion-mnist");
}

std::int64_t taught_examples(const TaskConfig& task) {
  return task.examples > 0 ? task.examples : kUsualTeacherExamples;
}

std::string parity_title(const TaskConfig& task) {
  return fmt::format("Parity of {} of {} bits", task.parity, task.bits);
}
std::int64_t parity_examples(const TaskConfig& task) {
  return task.examples > 0 ? task.examples : kUsualParityExamples;
}
Status check_parity(const TaskConfig& task) {
  if (task.parity <= task.bits) return {};
  return usage_error(fmt::format("task.parity = {} of only task.bits = {}: at most all of the bits can count",
                                 task.parity, task.bits));
}

std::string addition_title(const TaskConfig& task) {
  return fmt::format("a + b of 0 .. {}", task.modulus - 1);
}
std::int64_t unordered_pairs(const TaskConfig& task) {
  return task.modulus * (task.modulus + 1) / 2;
}
std::int64_t sums(const TaskConfig& task) {
  return 2 * task.modulus - 1;
}

std::int64_t chosen_examples(const TaskConfig& task) {
  return task.examples;
}

const std::vector<TaskKind>& rows() {
  static const std::vector<TaskKind> table = {
      {.name = "modular",
       .inputs = InputKind::pairs,
       .noun = "pairs",
       .help = "arithmetic modulo p",
       .settings = {"task.operation", "task.modulus", "task.split"},
       .title = modular_title,
       .example_count = all_pairs,
       .class_count = one_class_a_token,
       .check = check_operation},
      {.name = "s5",
       .inputs = InputKind::pairs,
       .noun = "pairs",
       .help = "products of permutations",
       .settings = {"task.operation", "task.split"},
       .title = title_of_operation,
       .example_count = permutation_pairs,
       .class_count = permutation_classes,
       .check = check_operation},
      {.name = "formula",
       .inputs = InputKind::pairs,
       .noun = "pairs",
       .help = "a formula of your own",
       .settings = {"task.formula", "task.modulus", "task.split"},
       .title = formula_title,
       .example_count = all_pairs,
       .class_count = one_class_a_token,
       .check = check_formula},
      {.name = "table",
       .inputs = InputKind::pairs,
       .noun = "pairs",
       .help = "a CSV table",
       .settings = {"task.path", "task.split"},
       .title = name_in_path,
       .check = check_table},
      {.name = "images",
       .inputs = InputKind::images,
       .noun = "images",
       .help = "pictures",
       .settings = {"task.path", "task.test_size", "task.channels"},
       .held_out = true,
       .title = images_title,
       .check = check_images},
      {.name = "teacher_student",
       .inputs = InputKind::features,
       .answers = AnswerKind::numbers,
       .noun = "examples",
       .help = "what another network computes",
       .settings = {"task.examples", "task.tolerance"},
       .title = [](const TaskConfig&) -> std::string { return "Teacher and student"; },
       .example_count = taught_examples},
      {.name = "sparse_parity",
       .inputs = InputKind::features,
       .noun = "examples",
       .help = "the parity of a few of many bits",
       .settings = {"task.examples", "task.bits", "task.parity"},
       .title = parity_title,
       .example_count = parity_examples,
       .class_count = [](const TaskConfig&) -> std::int64_t { return 2; },
       .check = check_parity},
      {.name = "mnist1d",
       .inputs = InputKind::features,
       .noun = "signals",
       .help = "which digit a signal of 40 numbers is (MNIST-1D: Greydanus 2020)",
       .settings = {"task.test_size"},
       .held_out = true,
       .title = [](const TaskConfig&) -> std::string { return "MNIST-1D"; },
       .class_count = [](const TaskConfig&) -> std::int64_t { return kMnist1dClasses; }},
      {.name = "addition",
       .inputs = InputKind::pairs,
       .answers = AnswerKind::vectors,
       .noun = "pairs",
       .help = "plain addition (Liu et al. 2022, effective theory)",
       .settings = {"task.modulus"},
       .plain_sums = true,
       .title = addition_title,
       .example_count = unordered_pairs,
       .class_count = sums},
      {.name = "text",
       .inputs = InputKind::text,
       .noun = "reviews",
       .help = "whether a review is kind",
       .settings = {"task.path", "task.examples", "task.vocabulary", "task.length"},
       .title = [](const TaskConfig&) -> std::string { return "Film reviews"; },
       .example_count = chosen_examples,
       .class_count = [](const TaskConfig&) -> std::int64_t { return 2; }},
      {.name = "molecules",
       .inputs = InputKind::graphs,
       .answers = AnswerKind::numbers,
       .noun = "molecules",
       .help = "a property of molecules",
       .settings = {"task.path", "task.examples", "task.tolerance", "task.target", "task.max_atoms"},
       .title = [](const TaskConfig&) -> std::string { return "Molecules"; },
       .example_count = chosen_examples},
  };
  return table;
}

/// What a kind of input is called in a sentence, and what usually reads it.
struct InputWords {
  InputKind inputs;
  std::string_view words;  ///< "": the task has a name of its own
  std::string_view readers;
};
constexpr std::array<InputWords, 5> kInputWords = {{{InputKind::pairs, "", "transformer or mlp"},
                                                    {InputKind::images, "images", "mlp, cnn or resnet18"},
                                                    {InputKind::features, "rows of numbers", "mlp or cnn1d"},
                                                    {InputKind::text, "text", "lstm"},
                                                    {InputKind::graphs, "molecules", "graph"}}};

const InputWords& words_of(InputKind inputs) {
  return *std::find_if(kInputWords.begin(), kInputWords.end(),
                       [&](const InputWords& words) { return words.inputs == inputs; });
}

/// Which inputs a network reads.
struct Reader {
  std::string_view model, reads;
  std::vector<InputKind> inputs;
  bool plain_sums_alone = false;
};

const std::vector<Reader>& readers() {
  static const std::vector<Reader> table = {
      {"transformer", "pairs", {InputKind::pairs}},
      {"quadratic", "pairs", {InputKind::pairs}},
      {"mlp",
       "pairs, images and rows of numbers",
       {InputKind::pairs, InputKind::images, InputKind::features}},
      {"adder", "plain addition", {InputKind::pairs}, true},
      {"lstm", "text", {InputKind::text}},
      {"graph", "molecules", {InputKind::graphs}},
      {"cnn1d", "rows of numbers", {InputKind::features}},
      {"cnn", "images", {InputKind::images}},
      {"resnet18", "images", {InputKind::images}},
  };
  return table;
}

bool holds(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string_view name_of(InputKind kind) {
  constexpr std::array<std::string_view, 5> kNames = {"pairs", "images", "rows of numbers", "text",
                                                      "molecules"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::span<const TaskKind> task_kinds() {
  return rows();
}

const TaskKind* find_task_kind(std::string_view name) {
  for (const TaskKind& kind : rows()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

const TaskKind& task_kind_of(const TaskConfig& task) {
  static const TaskKind unknown{.noun = "examples"};
  const TaskKind* kind = find_task_kind(task.kind);
  return kind == nullptr ? unknown : *kind;
}

bool task_has_setting(const TaskConfig& task, std::string_view setting) {
  if (holds(task_kind_of(task).settings, setting)) return true;
  return std::none_of(rows().begin(), rows().end(),
                      [&](const TaskKind& kind) { return holds(kind.settings, setting); });
}

double chance_from_settings(const TaskConfig& task) {
  const TaskKind& kind = task_kind_of(task);
  if (kind.answers == AnswerKind::numbers) return 0.0;
  const std::int64_t classes = kind.class_count == nullptr ? 0 : kind.class_count(task);
  return 1.0 / (classes > 0 ? static_cast<double>(classes) : kUsualClasses);
}

bool is_convolutional(const ModelConfig& model) {
  return model.kind == "cnn1d" || model.kind == "cnn" || model.kind == "resnet18";
}

Status check_reader(const RunConfig& config) {
  const TaskKind& kind = task_kind_of(config.task);
  for (const Reader& reader : readers()) {
    if (reader.model != config.model.kind) continue;
    const bool reads =
        std::find(reader.inputs.begin(), reader.inputs.end(), kind.inputs) != reader.inputs.end();
    if (reads && (kind.plain_sums || !reader.plain_sums_alone)) return {};
    const InputWords& words = words_of(kind.inputs);
    const std::string inputs =
        words.words.empty() ? fmt::format("task.kind = {}", kind.name) : std::string(words.words);
    return usage_error(fmt::format("model.kind = {} reads {}, not {}: set model.kind={}", reader.model,
                                   reader.reads, inputs, words.readers));
  }
  return {};
}

}  // namespace grokscope
