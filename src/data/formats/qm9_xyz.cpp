// One xyz file of QM9: atoms and properties from its lines, bonds from distances. See qm9.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/outside_text.h"
#include "data/formats/numbers.h"
#include "data/formats/qm9.h"

namespace grokscope {
namespace {

constexpr double kBondSlack_A = 0.4, kTooClose_A = 0.4;
constexpr double kTripleRatio = 0.825, kDoubleRatio = 0.9, kAromaticRatio = 0.945;

struct Place {
  double x = 0.0, y = 0.0, z = 0.0;  // Å
};

// Cordero et al. 2008; QM9 holds no other elements.
double covalent_radius_A(int element) {
  switch (element) {
    case 1:
      return 0.31;
    case 6:
      return 0.76;
    case 7:
      return 0.71;
    case 8:
      return 0.66;
    case 9:
      return 0.57;
    default:
      return 0.0;
  }
}

double distance_A(const Place& a, const Place& b) {
  return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}

// Mathematica wrote some small numbers as 1.2*^-6.
std::optional<double> mathematica_number(std::string_view text) {
  const std::size_t star = text.find("*^");
  if (star == std::string_view::npos) return finite_number(text);
  std::string plain(text);
  plain.replace(star, 2, "e");
  return finite_number(plain);
}

class XyzReader {
 public:
  XyzReader(std::string_view text, std::string_view source) : lines_(text), source_(source) {}

  Result<Qm9Molecule> read() {
    std::string_view line;
    if (Status status = take_line(line, "the number of atoms"); !status) return status.error();
    const auto count = whole_number(next_word(line));
    if (!count || *count < 1 || *count > static_cast<std::int64_t>(kMostAtoms) || !next_word(line).empty()) {
      return wrong(fmt::format("the file must begin with a number of atoms, 1 to {}", kMostAtoms));
    }
    if (Status status = read_properties(); !status) return status.error();
    for (std::int64_t i = 0; i < *count; ++i) {
      if (Status status = read_atom(); !status) return status.error();
    }
    if (Status status = read_tail(); !status) return status.error();
    if (Status status = find_bonds(); !status) return status.error();
    return std::move(result_);
  }

 private:
  Error wrong(std::string_view why) const {
    return usage_error(fmt::format("line {} of the xyz file: {}: {}", lines_.number(), why, source_));
  }
  Status take_line(std::string_view& line, std::string_view what) {
    if (lines_.next(line)) return {};
    return failure(
        fmt::format("the xyz file is cut off: {} is missing; get a fresh copy: {}", what, source_));
  }

  // gdb 1 <tab> A <tab> B ...
  Status read_properties() {
    std::string_view line;
    if (Status status = take_line(line, "the line of properties"); !status) return status;
    if (next_word(line) != "gdb" || !whole_number(next_word(line))) {
      return wrong("the properties do not begin with gdb and a number; this is not an xyz file of QM9");
    }
    for (std::size_t i = 0; i < kQm9Properties.size(); ++i) {
      const std::string_view word = next_word(line);
      const auto value = mathematica_number(word);
      if (!value) {
        return wrong(fmt::format("{} of {} is not a finite number", in_quotes(word, 40), kQm9Properties[i]));
      }
      result_.properties[i] = *value;
    }
    if (!next_word(line).empty()) return wrong(fmt::format("more than {} properties", kQm9Properties.size()));
    return {};
  }

  // C <tab> x <tab> y <tab> z <tab> charge
  Status read_atom() {
    std::string_view line;
    if (Status status = take_line(line, "an atom"); !status) return status;
    const std::string_view symbol = next_word(line);
    const int element = element_from_symbol(symbol);
    if (covalent_radius_A(element) == 0.0) {
      return wrong(fmt::format("{} is not one of QM9's elements H, C, N, O, F", in_quotes(symbol, 40)));
    }
    double numbers[4] = {};
    for (double& number : numbers) {
      const std::string_view word = next_word(line);
      const auto value = mathematica_number(word);
      if (!value) return wrong(fmt::format("{} is not a finite number", in_quotes(word, 40)));
      number = *value;
    }
    if (!next_word(line).empty()) return wrong("an atom has more than an element and four numbers");
    result_.molecule.atoms.push_back({.element = static_cast<std::uint8_t>(element)});
    places_.push_back({numbers[0], numbers[1], numbers[2]});
    return {};
  }

  // Frequencies, SMILES, InChI: needed as a sign that the file is whole.
  Status read_tail() {
    std::string_view line;
    if (Status status = take_line(line, "the line of frequencies"); !status) return status;
    for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
      if (!mathematica_number(word)) {
        return wrong(
            fmt::format("{} is not a frequency; is the number of atoms right?", in_quotes(word, 40)));
      }
    }
    if (Status status = take_line(line, "the line of SMILES"); !status) return status;
    if (Status status = take_line(line, "the line of InChI"); !status) return status;
    if (!trimmed(line).starts_with("InChI=")) return wrong("the last line does not begin with InChI=");
    return {};
  }

  double ratio(std::size_t i, std::size_t j) const {
    const auto& atoms = result_.molecule.atoms;
    return distance_A(places_[i], places_[j]) /
           (covalent_radius_A(atoms[i].element) + covalent_radius_A(atoms[j].element));
  }

  bool is_nearest(std::size_t hydrogen, std::size_t other) const {
    const double distance = distance_A(places_[hydrogen], places_[other]);
    for (std::size_t k = 0; k < places_.size(); ++k) {
      if (k == hydrogen || k == other) continue;
      const double rival = distance_A(places_[hydrogen], places_[k]);
      if (rival < distance || (rival == distance && k < other)) return false;
    }
    return true;
  }

  Status find_bonds() {
    auto& [atoms, bonds] = result_.molecule;
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      for (std::size_t j = i + 1; j < atoms.size(); ++j) {
        const double distance = distance_A(places_[i], places_[j]);
        if (distance < kTooClose_A) {
          return usage_error(
              fmt::format("atoms {} and {} of the xyz file are {:.2f} Å apart; no molecule is like "
                          "that, get a fresh copy: {}",
                          i + 1, j + 1, distance, source_));
        }
        const double reach =
            covalent_radius_A(atoms[i].element) + covalent_radius_A(atoms[j].element) + kBondSlack_A;
        if (distance > reach) continue;
        if (atoms[i].element == 1 && !is_nearest(i, j)) continue;
        if (atoms[j].element == 1 && !is_nearest(j, i)) continue;
        bonds.push_back({static_cast<std::int32_t>(i), static_cast<std::int32_t>(j), BondOrder::single});
      }
    }
    for (Bond& bond : bonds) bond.order = order_of(bond);
    return {};
  }

  BondOrder order_of(const Bond& bond) const {
    const auto &first = result_.molecule.atoms[static_cast<std::size_t>(bond.first)],
               &second = result_.molecule.atoms[static_cast<std::size_t>(bond.second)];
    if (first.element == 1 || second.element == 1) return BondOrder::single;
    const double share = ratio(static_cast<std::size_t>(bond.first), static_cast<std::size_t>(bond.second));
    if (share < kTripleRatio) return BondOrder::threefold;
    if (share < kDoubleRatio) return BondOrder::twofold;
    return share < kAromaticRatio && in_small_ring(bond) ? BondOrder::aromatic : BondOrder::single;
  }

  // Whether its ends are joined by three or four other bonds: a ring of five or six... and none shorter.
  bool in_small_ring(const Bond& bond) const {
    std::vector<int> steps(result_.molecule.atoms.size(), -1);
    steps[static_cast<std::size_t>(bond.first)] = 0;
    for (int step = 0; step < 5; ++step) {
      for (const Bond& other : result_.molecule.bonds) {
        if (other.first == bond.first && other.second == bond.second) continue;
        int& a = steps[static_cast<std::size_t>(other.first)];
        int& b = steps[static_cast<std::size_t>(other.second)];
        if (a == step && b < 0) b = step + 1;
        if (b == step && a < 0) a = step + 1;
      }
    }
    const int around = steps[static_cast<std::size_t>(bond.second)];
    return around == 4 || around == 5;
  }

  TextLines lines_;
  std::string_view source_;
  Qm9Molecule result_;
  std::vector<Place> places_;
};

}  // namespace

Result<Qm9Molecule> molecule_from_qm9_xyz(std::string_view text, std::string_view source) {
  return XyzReader(text, source).read();
}

}  // namespace grokscope
