// Task `formula`: the user's rule in a and b, mod p. The language is formats/formula.h.
#include <fmt/format.h>

#include <optional>

#include "base/outside_text.h"
#include "config/task_kinds.h"
#include "data/formats/formula.h"
#include "data/tasks/examples.h"

namespace grokscope {
namespace {

constexpr std::int64_t kLargestModulus = 1024;  // a million pairs

Error number_too_large(const std::string& formula, std::int64_t a, std::int64_t b) {
  return usage_error(
      fmt::format("the formula {} compares numbers beyond 2^62 at a = {}, b = {}: reduce them first, "
                  "for example with '% p'",
                  in_quotes(formula, 80), a, b));
}

}  // namespace

Result<Examples> examples_of_formula(const std::string& text, std::int64_t modulus) {
  const auto formula = Formula::parse(text);
  if (!formula) return formula.error();
  if (modulus < 2 || modulus > kLargestModulus) {
    return usage_error(fmt::format("task.modulus is {}: it must be in 2 .. {}", modulus, kLargestModulus));
  }
  std::optional<Error> error;
  Examples examples = examples_of_pairs(modulus, modulus, [&](std::int64_t a, std::int64_t b) {
    if (error) return kNoSuchPair;
    const FormulaAnswer answer = formula->evaluate(a, b, modulus);
    if (answer.outcome == FormulaOutcome::too_large) error = number_too_large(text, a, b);
    return answer.outcome == FormulaOutcome::answer ? answer.value : kNoSuchPair;
  });
  if (error) return *error;
  if (examples.pool_size < 2) {
    return usage_error(
        fmt::format("the formula {} has an answer mod {} for {} of {} pairs: at least 2 are needed",
                    in_quotes(text, 80), modulus, examples.pool_size, modulus * modulus));
  }
  examples.cyclic_order = modulus;
  return examples;
}

Result<Examples> formula_examples(const TaskConfig& task, std::uint64_t) {
  auto examples = examples_of_formula(task.formula, task.modulus);
  if (examples) examples->title = task_kind_of(task).title(task);
  return examples;
}

}  // namespace grokscope
