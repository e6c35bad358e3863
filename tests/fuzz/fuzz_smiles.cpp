// Fuzz body: any bytes as SMILES and as a table of them; bonds must join two different atoms, and every fact
// must be there.

// module: data
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/formats/molecule_facts.h"
#include "data/formats/smiles.h"
#include "data/formats/smiles_table.h"

namespace {

using namespace grokscope;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_smiles(std::string_view text) {
  const auto molecule = molecule_from_smiles(text, "fuzz");
  if (!molecule) return require(molecule.error().message.ends_with(": fuzz"));
  require(!molecule->atoms.empty() && molecule->atoms.size() <= kMostAtoms);
  const auto atoms = static_cast<std::int32_t>(molecule->atoms.size());
  for (const Bond& bond : molecule->bonds) {
    require(bond.first >= 0 && bond.first < atoms && bond.second >= 0 && bond.second < atoms);
    require(bond.first != bond.second);
  }
  for (const Atom& atom : molecule->atoms) require(!symbol_of_element(atom.element).empty());
  const MoleculeFacts facts = facts_of(*molecule);
  require(facts.atoms.size() == molecule->atoms.size() && facts.orders.size() == molecule->bonds.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_smiles(text);
  const auto table = smiles_table_from_text(text, "", "fuzz");
  if (!table) {
    require(table.error().message.ends_with(": fuzz"));
    return 0;
  }
  for (const SmilesRow& row : table->rows) {
    require(std::isfinite(row.value));
    if (row.smiles.size() < 200) check_smiles(row.smiles);
  }
  return 0;
}
