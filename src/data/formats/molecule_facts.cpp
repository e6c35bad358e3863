// Rings, electrons, neighbours: see molecule_facts.h.
#include "data/formats/molecule_facts.h"

#include <algorithm>
#include <cstddef>

namespace grokscope {
namespace {

constexpr int kSmallestAromaticRing = 5, kLargestAromaticRing = 7;
constexpr int kNitrogen = 7, kOxygen = 8, kSulphur = 16, kSelenium = 34, kCarbon = 6;

struct Neighbour {
  std::int32_t atom = 0, bond = 0;
};

class MoleculeGraph {
 public:
  explicit MoleculeGraph(const Molecule& molecule)
      : molecule_(molecule), neighbours_(molecule.atoms.size()), in_ring_(molecule.bonds.size()) {
    for (std::size_t i = 0; i < molecule.bonds.size(); ++i) {
      const Bond& bond = molecule.bonds[i];
      const auto index = static_cast<std::int32_t>(i);
      neighbours_[static_cast<std::size_t>(bond.first)].push_back({bond.second, index});
      neighbours_[static_cast<std::size_t>(bond.second)].push_back({bond.first, index});
    }
    find_rings();
  }

  MoleculeFacts facts() const {
    MoleculeFacts facts;
    facts.atoms.resize(molecule_.atoms.size());
    for (const Bond& bond : molecule_.bonds) facts.orders.push_back(bond.order);
    mark_aromatic(facts);
    for (std::size_t i = 0; i < molecule_.atoms.size(); ++i) {
      facts.atoms[i].hydrogens = hydrogens(i);
      facts.atoms[i].hybridisation = hybridisation(i, facts);
    }
    return facts;
  }

 private:
  // Bonds of the shortest ring through each bond, if it is small enough to be aromatic; each ring once.
  void find_rings() {
    for (std::size_t i = 0; i < molecule_.bonds.size(); ++i) {
      std::vector<std::int32_t> ring = smallest_ring(static_cast<std::int32_t>(i));
      if (ring.empty()) continue;
      for (const std::int32_t bond : ring) in_ring_[static_cast<std::size_t>(bond)] = true;
      std::sort(ring.begin(), ring.end());
      rings_.push_back(std::move(ring));
    }
    std::sort(rings_.begin(), rings_.end());
    rings_.erase(std::unique(rings_.begin(), rings_.end()), rings_.end());
  }

  // Breadth first from one end to the other without the bond itself.
  std::vector<std::int32_t> smallest_ring(std::int32_t through) const {
    const Bond& start = molecule_.bonds[static_cast<std::size_t>(through)];
    std::vector<Neighbour> came_from(molecule_.atoms.size(), {-1, -1});
    came_from[static_cast<std::size_t>(start.first)] = {start.first, through};
    std::vector<std::int32_t> layer = {start.first};
    for (int length = 2; length <= kLargestAromaticRing && !layer.empty(); ++length) {
      std::vector<std::int32_t> next_layer;
      for (const std::int32_t atom : layer) {
        for (const Neighbour& next : neighbours_[static_cast<std::size_t>(atom)]) {
          if (next.bond == through || came_from[static_cast<std::size_t>(next.atom)].atom >= 0) continue;
          came_from[static_cast<std::size_t>(next.atom)] = {atom, next.bond};
          if (next.atom == start.second) return walk_back(through, came_from, length);
          next_layer.push_back(next.atom);
        }
      }
      layer = std::move(next_layer);
    }
    return {};
  }

  std::vector<std::int32_t> walk_back(std::int32_t through, const std::vector<Neighbour>& came_from,
                                      int length) const {
    const Bond& start = molecule_.bonds[static_cast<std::size_t>(through)];
    if (length < kSmallestAromaticRing) return {};
    std::vector<std::int32_t> ring = {through};
    for (std::int32_t atom = start.second; atom != start.first;) {
      const Neighbour& step = came_from[static_cast<std::size_t>(atom)];
      ring.push_back(step.bond);
      atom = step.atom;
    }
    return ring;
  }

  void mark_aromatic(MoleculeFacts& facts) const {
    for (const std::vector<std::int32_t>& ring : rings_) {
      if (!is_aromatic(ring)) continue;
      for (const std::int32_t bond : ring) facts.orders[static_cast<std::size_t>(bond)] = BondOrder::aromatic;
    }
    for (std::size_t i = 0; i < facts.orders.size(); ++i) {
      if (facts.orders[i] != BondOrder::aromatic) continue;
      facts.atoms[static_cast<std::size_t>(molecule_.bonds[i].first)].aromatic = true;
      facts.atoms[static_cast<std::size_t>(molecule_.bonds[i].second)].aromatic = true;
    }
  }

  bool is_aromatic(const std::vector<std::int32_t>& ring) const {
    const auto stated = std::count_if(ring.begin(), ring.end(), [&](std::int32_t bond) {
      return molecule_.bonds[static_cast<std::size_t>(bond)].order == BondOrder::aromatic;
    });
    if (stated == static_cast<std::ptrdiff_t>(ring.size())) return true;
    int electrons = 0;
    for (const std::int32_t bond : ring) {  // every atom is the end of two bonds of the ring
      const int first = ring_electrons(molecule_.bonds[static_cast<std::size_t>(bond)].first);
      const int second = ring_electrons(molecule_.bonds[static_cast<std::size_t>(bond)].second);
      if (first < 0 || second < 0) return false;
      electrons += first + second;
    }
    return electrons / 2 % 4 == 2;
  }

  // What an atom gives to a ring; -1 when it interrupts it.
  int ring_electrons(std::int32_t atom) const {
    const int element = molecule_.atoms[static_cast<std::size_t>(atom)].element;
    bool outside = false;
    for (const Neighbour& next : neighbours_[static_cast<std::size_t>(atom)]) {
      const BondOrder order = molecule_.bonds[static_cast<std::size_t>(next.bond)].order;
      if (order == BondOrder::aromatic) return 1;
      if (order != BondOrder::twofold) continue;
      if (in_ring_[static_cast<std::size_t>(next.bond)]) return 1;
      outside = true;
    }
    if (outside) return element == kCarbon ? 0 : -1;
    const bool lone_pair =
        element == kNitrogen || element == kOxygen || element == kSulphur || element == kSelenium;
    return lone_pair && molecule_.atoms[static_cast<std::size_t>(atom)].charge <= 0 ? 2 : -1;
  }

  int hydrogens(std::size_t atom) const {
    int count = molecule_.atoms[atom].hydrogens;
    for (const Neighbour& next : neighbours_[atom]) {
      count += molecule_.atoms[static_cast<std::size_t>(next.atom)].element == 1 ? 1 : 0;
    }
    return count;
  }

  bool has_double_or_aromatic(std::size_t atom, const MoleculeFacts& facts) const {
    return std::any_of(neighbours_[atom].begin(), neighbours_[atom].end(), [&](const Neighbour& next) {
      const BondOrder order = facts.orders[static_cast<std::size_t>(next.bond)];
      return order == BondOrder::twofold || order == BondOrder::aromatic;
    });
  }

  Hybridisation hybridisation(std::size_t atom, const MoleculeFacts& facts) const {
    const int element = molecule_.atoms[atom].element;
    if (element == 1) return Hybridisation::none;
    if (neighbours_[atom].size() + molecule_.atoms[atom].hydrogens >= 4) return Hybridisation::sp3;
    int twofold = 0;
    for (const Neighbour& next : neighbours_[atom]) {
      const BondOrder order = facts.orders[static_cast<std::size_t>(next.bond)];
      if (order == BondOrder::threefold) return Hybridisation::sp;
      twofold += order == BondOrder::twofold ? 1 : 0;
    }
    if (twofold >= 2) return Hybridisation::sp;
    if (has_double_or_aromatic(atom, facts)) return Hybridisation::sp2;
    const bool may_conjugate = element == kNitrogen || element == kOxygen || element == kSulphur;
    const bool beside = std::any_of(
        neighbours_[atom].begin(), neighbours_[atom].end(),
        [&](const Neighbour& n) { return has_double_or_aromatic(static_cast<std::size_t>(n.atom), facts); });
    return may_conjugate && beside ? Hybridisation::sp2 : Hybridisation::sp3;
  }

  const Molecule& molecule_;
  std::vector<std::vector<Neighbour>> neighbours_;  // one an atom
  std::vector<bool> in_ring_;                       // one a bond
  std::vector<std::vector<std::int32_t>> rings_;    // bonds of each
};

}  // namespace

MoleculeFacts facts_of(const Molecule& molecule) {
  return MoleculeGraph(molecule).facts();
}

}  // namespace grokscope
