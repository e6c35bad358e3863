// The operations of the algorithmic tasks: names, the spellings that people type, and where they were
// published. What they compute stands in data/. Any thread; immutable.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace grokscope {

struct Operation {
  std::string kind;                  ///< the task.kind it belongs to
  std::string name;                  ///< canonical: what task.operation holds: "+", "x^2+y^2", "conjugate"
  std::string title;                 ///< "a + b", "a ∘ b ∘ a⁻¹": for headings, without the modulus
  std::string paper;                 ///< "Power et al. 2022, A.1.1"
  bool divides = false;              ///< needs inverses: the modulus must be prime
  bool skips_zero = false;           ///< b = 0 is left out
  std::vector<std::string> aliases;  ///< as operation_key() writes them
};

/// In menu order, modular first.
std::span<const Operation> operations();

/// Finds an operation by its name or an alias ("add", "x−y", "x**2+y**2", "s5conj"): among those of `kind`
/// first, then among all. nullptr if there is none.
const Operation* find_operation(std::string_view kind, std::string_view text);

/// The spelling that aliases are compared in: lower case, no blanks, a and b as x and y, ** and superscripts
/// as ^, no multiplication signs between factors.
std::string operation_key(std::string_view text);

}  // namespace grokscope
