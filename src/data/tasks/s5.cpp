// Task `s5`: products in the symmetric group of five things (Power et al. 2022): 120 tokens, 14 400 pairs.
#include <fmt/format.h>

#include "base/outside_text.h"
#include "config/operations.h"
#include "data/formats/permutations.h"
#include "data/tasks/examples.h"

namespace grokscope {
namespace {

struct S5Rule {
  const char* name;  // as in config/operations.cpp
  Permutation5 (*apply)(const Permutation5& a, const Permutation5& b);
};
constexpr S5Rule kS5Rules[] = {{"product", s5_product}, {"conjugate", s5_conjugate}, {"aba", s5_aba}};

}  // namespace

Result<Examples> s5_examples(const TaskConfig& task, std::uint64_t) {
  const Operation* operation = find_operation("s5", task.operation);
  for (const S5Rule& rule : kS5Rules) {
    if (operation == nullptr || operation->kind != "s5" || operation->name != rule.name) continue;
    Examples examples =
        examples_of_pairs(kS5Order, kS5Order, [&](std::int64_t a, std::int64_t b) -> std::int64_t {
          return s5_rank(rule.apply(s5_element(static_cast<int>(a)), s5_element(static_cast<int>(b))));
        });
    for (int rank = 0; rank < kS5Order; ++rank) {
      examples.token_names[static_cast<std::size_t>(rank)] = s5_name(s5_element(rank));
    }
    examples.class_names = examples.token_names;
    examples.title = operation->title;
    return examples;
  }
  return usage_error(fmt::format("task.operation {} is unknown for S5: choose product, conjugate or aba",
                                 in_quotes(task.operation)));
}

}  // namespace grokscope
