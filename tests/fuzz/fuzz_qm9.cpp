// Fuzz body: the first byte chooses among QM9's xyz, its table of properties and its list of molecules to
// leave out; what is accepted must be finite and in order.

// module: data
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/formats/molecule_facts.h"
#include "data/formats/qm9.h"

namespace {

using namespace grokscope;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_xyz(std::string_view text) {
  const auto molecule = molecule_from_qm9_xyz(text, "fuzz");
  if (!molecule) return require(molecule.error().message.ends_with(": fuzz"));
  for (const double value : molecule->properties) require(std::isfinite(value));
  for (const Bond& bond : molecule->molecule.bonds) require(bond.first < bond.second);
  require(facts_of(molecule->molecule).atoms.size() == molecule->molecule.atoms.size());
}

void check_table(std::string_view text) {
  const auto values = table_column(text, "alpha", "fuzz");
  if (!values) return require(values.error().message.ends_with(": fuzz"));
  require(!values->empty());
  for (const double value : *values) require(std::isfinite(value));
}

void check_list(std::string_view text) {
  const auto numbers = uncharacterised_from_text(text, "fuzz");
  if (!numbers) return require(numbers.error().message.ends_with(": fuzz"));
  require(std::is_sorted(numbers->begin(), numbers->end()) && numbers->front() > 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0]) {
    case 't':
      check_table(text);
      break;
    case 'u':
      check_list(text);
      break;
    default:
      check_xyz(text);
      break;
  }
  return 0;
}
