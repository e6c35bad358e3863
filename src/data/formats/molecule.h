// Molecule: atoms and bonds as a file states them, and the names of the elements. Not what a network sees
// (molecule_facts.h). Torch-free. Any thread; a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace grokscope {

enum class BondOrder : std::uint8_t { single, twofold, threefold, aromatic };

struct Atom {
  std::uint8_t element = 6;    ///< atomic number, 1 .. 118
  std::int8_t charge = 0;      ///< formal
  std::uint8_t hydrogens = 0;  ///< attached hydrogens that are not atoms of their own
};

struct Bond {
  std::int32_t first = 0, second = 0;  ///< indices into atoms, never the same
  BondOrder order = BondOrder::single;
};

struct Molecule {
  std::vector<Atom> atoms;
  std::vector<Bond> bonds;  ///< no pair of atoms twice
};

/// What a file may hold at most; QM9 has 29 atoms, the largest NCI molecule a few hundred.
inline constexpr std::size_t kMostAtoms = 999;

/// "Cl" -> 17; 0 for anything that is not an element's symbol.
int element_from_symbol(std::string_view symbol);
/// 17 -> "Cl".
std::string_view symbol_of_element(int element);

}  // namespace grokscope
