// SMILES: one molecule as a line of text, as OpenSMILES 1.0 defines it: organic subset, brackets, charges,
// branches, ring closures (1 and %12), aromatic letters, bond orders, disconnected parts. Not files of them
// (smiles_table.h). Untrusted input; torch-free. Any thread.
#pragma once

#include <string_view>

#include "base/result.h"
#include "data/formats/molecule.h"

namespace grokscope {

/// Hydrogens become counts of their atom, except where they are written as atoms ("[H]"). Isotopes, chirality
/// and the sides of double bonds are read and forgotten. Not supported, with an error that says so: quadruple
/// bonds, the wildcard *. An error points at the character (from 1); `source` stands last.
Result<Molecule> molecule_from_smiles(std::string_view text, std::string_view source);

}  // namespace grokscope
