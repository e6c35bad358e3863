// Molecule arrays: molecules as padded rows of numbers, what GraphTensors holds, before they become tensors.
// Torch-free. Any thread; a value.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "data/formats/molecule.h"

namespace grokscope {

/// As PyTorch Geometric's QM9 has them: H, C, N, O, F one-hot; atomic number; aromatic; sp, sp2, sp3; number
/// of hydrogens. Other elements have no one-hot entry and are told apart by their atomic number.
inline constexpr std::int64_t kAtomFeatures = 11;
/// Single, double, triple, aromatic.
inline constexpr std::int64_t kBondKinds = 4;

struct MoleculeArrays {
  std::int64_t molecules = 0, nodes = 0, edges = 0;  ///< nodes and edges of the largest molecule
  std::vector<float> node_values;                    ///< (molecule, node, kAtomFeatures)
  std::vector<float> node_mask;                      ///< (molecule, node)
  std::vector<float> edge_values;                    ///< (molecule, edge, kBondKinds)
  std::vector<float> edge_mask;                      ///< (molecule, edge)
  std::vector<std::int64_t> edge_source;             ///< (molecule, edge): each bond twice, once a direction
  std::vector<std::int64_t> edge_target;             ///< (molecule, edge)
};

/// Error: so many and so large that the padded arrays would not fit.
Result<MoleculeArrays> molecule_arrays(const std::vector<Molecule>& molecules);

}  // namespace grokscope
