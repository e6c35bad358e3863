// Molecule facts: what a graph network is told about atoms and bonds beyond the file: aromatic rings,
// hybridisation, hydrogens. Simple rules, not a chemistry toolkit. Torch-free. Any thread; pure.
#pragma once

#include <cstdint>
#include <vector>

#include "data/formats/molecule.h"

namespace grokscope {

enum class Hybridisation : std::uint8_t { none, sp, sp2, sp3 };

struct AtomFacts {
  bool aromatic = false;
  Hybridisation hybridisation = Hybridisation::none;
  int hydrogens = 0;  ///< attached ones, whether they are atoms of their own or not
};

struct MoleculeFacts {
  std::vector<AtomFacts> atoms;   ///< one an atom
  std::vector<BondOrder> orders;  ///< one a bond: as in the file, but aromatic where a ring is found aromatic
};

/// Aromatic (Hückel, ring by ring): a ring of 5 to 7 atoms, the smallest through one of its bonds, whose
/// atoms give 4n + 2 electrons: one each from an atom with a double bond inside a ring, two from N, O, S or
/// Se without one, none from C bound twice to an atom outside. Fused systems that are aromatic only as a
/// whole (azulene) are missed. Hybridisation: hydrogen none; four or more neighbours sp3; a triple or two
/// double bonds sp; a double or aromatic bond sp2; N, O, S beside such an atom sp2 (conjugated, as RDKit has
/// it); everything else sp3.
MoleculeFacts facts_of(const Molecule& molecule);

}  // namespace grokscope
