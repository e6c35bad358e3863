// Task `modular`: the operations mod p of Power et al. 2022 (A.1.1 and the published code), each as one
// formula.
#include <fmt/format.h>

#include "base/outside_text.h"
#include "config/operations.h"
#include "config/task_kinds.h"
#include "data/tasks/examples.h"

namespace grokscope {
namespace {

struct ModularRule {
  const char* name;     // as in config/operations.cpp
  const char* formula;  // pairs without an answer (b without inverse) are left out
};
constexpr ModularRule kModularRules[] = {
    {"+", "a + b"},
    {"-", "a - b"},
    {"*", "a * b"},
    {"/", "a / b"},
    {"x^2+y^2", "a^2 + b^2"},
    {"x^2+xy+y^2", "a^2 + a*b + b^2"},
    {"x^2+xy+y^2+x", "a^2 + a*b + b^2 + a"},
    {"x^3+xy", "a^3 + a*b"},
    {"x^3+xy^2+y", "a^3 + a*b^2 + b"},
    {"x/y if y odd else x-y", "b % 2 == 1 ? a / b : a - b"},
    {"+*", "a % 2 == 0 ? a + b : a * b"},
    {"+-", "a % 2 == 0 ? a + b : a - b"},
};

}  // namespace

Result<Examples> modular_examples(const TaskConfig& task, std::uint64_t) {
  const Operation* operation = find_operation("modular", task.operation);
  for (const ModularRule& rule : kModularRules) {
    if (operation == nullptr || operation->kind != "modular" || operation->name != rule.name) continue;
    auto examples = examples_of_formula(rule.formula, task.modulus);
    if (!examples) return examples.error();
    examples->title = task_kind_of(task).title(task);
    examples->is_modular_addition = operation->name == "+";
    return examples;
  }
  std::string names;
  for (const ModularRule& rule : kModularRules)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", rule.name);
  return usage_error(fmt::format("task.operation {} is unknown for arithmetic mod p: choose one of {}",
                                 in_quotes(task.operation), names));
}

}  // namespace grokscope
