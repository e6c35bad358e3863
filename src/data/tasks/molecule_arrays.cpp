// Molecule arrays: see molecule_arrays.h.
#include "data/tasks/molecule_arrays.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "data/formats/molecule_facts.h"

namespace grokscope {
namespace {

constexpr std::int64_t kMostArrayNumbers = 256'000'000;
constexpr std::array<int, 5> kOneHotElements = {1, 6, 7, 8, 9};  // H C N O F

void fill_atom(const Atom& atom, const AtomFacts& facts, float* row) {
  for (std::size_t i = 0; i < kOneHotElements.size(); ++i) {
    row[i] = atom.element == kOneHotElements[i] ? 1.0f : 0.0f;
  }
  row[5] = static_cast<float>(atom.element);
  row[6] = facts.aromatic ? 1.0f : 0.0f;
  row[7] = facts.hybridisation == Hybridisation::sp ? 1.0f : 0.0f;
  row[8] = facts.hybridisation == Hybridisation::sp2 ? 1.0f : 0.0f;
  row[9] = facts.hybridisation == Hybridisation::sp3 ? 1.0f : 0.0f;
  row[10] = static_cast<float>(facts.hydrogens);
}

void fill_molecule(const Molecule& molecule, std::size_t index, MoleculeArrays& arrays) {
  const MoleculeFacts facts = facts_of(molecule);
  const std::size_t first_node = index * static_cast<std::size_t>(arrays.nodes);
  for (std::size_t i = 0; i < molecule.atoms.size(); ++i) {
    arrays.node_mask[first_node + i] = 1.0f;
    fill_atom(molecule.atoms[i], facts.atoms[i],
              arrays.node_values.data() + (first_node + i) * static_cast<std::size_t>(kAtomFeatures));
  }
  std::size_t edge = index * static_cast<std::size_t>(arrays.edges);
  for (std::size_t i = 0; i < molecule.bonds.size(); ++i) {
    const Bond& bond = molecule.bonds[i];
    for (const bool forward : {true, false}) {
      arrays.edge_mask[edge] = 1.0f;
      arrays.edge_source[edge] = forward ? bond.first : bond.second;
      arrays.edge_target[edge] = forward ? bond.second : bond.first;
      arrays.edge_values[edge * static_cast<std::size_t>(kBondKinds) +
                         static_cast<std::size_t>(facts.orders[i])] = 1.0f;
      ++edge;
    }
  }
}

}  // namespace

Result<MoleculeArrays> molecule_arrays(const std::vector<Molecule>& molecules) {
  MoleculeArrays arrays;
  arrays.molecules = static_cast<std::int64_t>(molecules.size());
  arrays.edges = 2;  // a set of lone atoms still has a shape
  for (const Molecule& molecule : molecules) {
    arrays.nodes = std::max(arrays.nodes, static_cast<std::int64_t>(molecule.atoms.size()));
    arrays.edges = std::max(arrays.edges, 2 * static_cast<std::int64_t>(molecule.bonds.size()));
  }
  const std::int64_t numbers = arrays.nodes * (kAtomFeatures + 1) + arrays.edges * (kBondKinds + 5);
  if (arrays.molecules > kMostArrayNumbers / numbers) {
    return usage_error(
        fmt::format("{} molecules of up to {} atoms are too much for memory: lower task.examples",
                    arrays.molecules, arrays.nodes));
  }
  const auto nodes = static_cast<std::size_t>(arrays.molecules * arrays.nodes),
             edges = static_cast<std::size_t>(arrays.molecules * arrays.edges);
  arrays.node_values.resize(nodes * static_cast<std::size_t>(kAtomFeatures));
  arrays.node_mask.resize(nodes);
  arrays.edge_values.resize(edges * static_cast<std::size_t>(kBondKinds));
  arrays.edge_mask.resize(edges);
  arrays.edge_source.resize(edges);
  arrays.edge_target.resize(edges);
  for (std::size_t i = 0; i < molecules.size(); ++i) fill_molecule(molecules[i], i, arrays);
  return arrays;
}

}  // namespace grokscope
