// QM9's own files beside the SDF: the table of properties, the list of molecules to leave out, and the xyz
// files with bonds found from distances (Ramakrishnan et al. 2014). Untrusted input; torch-free. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/formats/molecule.h"

namespace grokscope {

/// In the order of the second line of an xyz file; gdb9.sdf.csv has the same names and more.
/// GHz x 3, D, Bohr^3, Ha x 3, Bohr^2, Ha x 5, cal/(mol K).
inline constexpr std::array<std::string_view, 15> kQm9Properties = {
    "A", "B", "C", "mu", "alpha", "homo", "lumo", "gap", "r2", "zpve", "u0", "u298", "h298", "g298", "cv"};

/// One column of a table of numbers with a header row, such as gdb9.sdf.csv: one value a row. Errors: no such
/// column (lists those there are), a row that is too short, a cell that is not a finite number.
Result<std::vector<double>> table_column(std::string_view text, std::string_view column,
                                         std::string_view source);

/// uncharacterized.txt: the numbers (from 1) that its lines begin with, after nine lines of heading;
/// ascending.
Result<std::vector<std::int64_t>> uncharacterised_from_text(std::string_view text, std::string_view source);

struct Qm9Molecule {
  Molecule molecule;
  std::array<double, kQm9Properties.size()> properties{};
};

/// One dsgdb9nsd_*.xyz: tabs or blanks, and numbers such as 1.2*^-6.
/// Bonds: two atoms are bound when they are closer than the sum of their covalent radii (Cordero et al. 2008)
/// + 0.4 Å; a hydrogen keeps its nearest neighbour only. The order follows from distance / sum of radii:
/// below 0.825 triple, below 0.9 double, below 0.945 in a ring of five or six aromatic, else single.
Result<Qm9Molecule> molecule_from_qm9_xyz(std::string_view text, std::string_view source);

}  // namespace grokscope
