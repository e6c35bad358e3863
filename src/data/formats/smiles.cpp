// SMILES: a scanner over the characters that grows the molecule as it goes; see smiles.h.
#include "data/formats/smiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/outside_text.h"
#include "data/formats/numbers.h"

namespace grokscope {
namespace {

constexpr std::size_t kLongestSmiles = 10'000, kDeepestBranch = 200;

bool is_digit_character(char c) {
  return c >= '0' && c <= '9';
}

// What the bond between two atoms says; `implied` when nothing is written.
enum class WrittenBond : std::uint8_t { implied, single, twofold, threefold, aromatic };

class SmilesParser {
 public:
  SmilesParser(std::string_view text, std::string_view source) : text_(text), source_(source) {}

  Result<Molecule> parse() {
    if (text_.empty()) return usage_error(fmt::format("the SMILES is empty: {}", source_));
    if (text_.size() > kLongestSmiles) {
      return usage_error(fmt::format("the SMILES has {} characters, at most {} are allowed: {}", text_.size(),
                                     kLongestSmiles, source_));
    }
    while (at_ < text_.size()) {
      if (Status status = take_one(); !status) return status.error();
    }
    if (Status status = check_end(); !status) return status.error();
    settle_bonds();
    add_hydrogens();
    return std::move(molecule_);
  }

 private:
  struct OpenRing {
    std::int32_t atom = -1;
    WrittenBond bond = WrittenBond::implied;
    std::size_t position = 0;
  };
  struct OpenBranch {
    std::int32_t atom = -1;
    std::size_t position = 0;
  };

  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  Error wrong(std::size_t position, std::string_view why) const {
    return usage_error(fmt::format("the SMILES {} is wrong at character {}: {}: {}", in_quotes(text_, 80),
                                   position + 1, why, source_));
  }

  Status take_one() {
    const char c = here();
    if (c == '[') return take_bracket();
    if (c == '(') return open_branch();
    if (c == ')') return close_branch();
    if (c == '.') return take_dot();
    if (is_digit_character(c) || c == '%') return take_ring();
    if (const auto bond = bond_of(c)) {
      if (previous_ < 0) return wrong(at_, "a bond needs an atom before it");
      if (bond_ != WrittenBond::implied) return wrong(at_, "two bonds in a row");
      bond_ = *bond;
      bond_position_ = at_++;
      return {};
    }
    if (c == '$') return wrong(at_, "quadruple bonds are not supported");
    return take_organic();
  }

  static std::optional<WrittenBond> bond_of(char c) {
    switch (c) {
      case '-':
      case '/':
      case '\\':
        return WrittenBond::single;
      case '=':
        return WrittenBond::twofold;
      case '#':
        return WrittenBond::threefold;
      case ':':
        return WrittenBond::aromatic;
      default:
        return std::nullopt;
    }
  }

  Status open_branch() {
    if (previous_ < 0) return wrong(at_, "a branch needs an atom before it");
    if (bond_ != WrittenBond::implied)
      return wrong(at_, "write the bond inside the branch: C(=O), not C=(O)");
    if (branches_.size() == kDeepestBranch) return wrong(at_, "branches are nested too deeply");
    branches_.push_back({previous_, at_++});
    branch_is_empty_ = true;
    return {};
  }

  Status close_branch() {
    if (branches_.empty()) return wrong(at_, "this ) closes no branch");
    if (branch_is_empty_) return wrong(at_, "an empty branch");
    if (bond_ != WrittenBond::implied) return wrong(bond_position_, "a bond needs an atom after it");
    if (dot_) return wrong(*dot_, "a dot needs an atom after it");
    previous_ = branches_.back().atom;
    branches_.pop_back();
    ++at_;
    return {};
  }

  Status take_dot() {
    if (previous_ < 0) return wrong(at_, "a dot needs an atom before it");
    if (bond_ != WrittenBond::implied) return wrong(bond_position_, "a bond needs an atom after it");
    dot_ = at_++;
    previous_ = -1;
    return {};
  }

  Status take_ring() {
    const std::size_t start = at_;
    if (previous_ < 0) return wrong(start, "a ring number needs an atom before it");
    std::size_t number = 0;
    if (here() == '%') {
      if (text_.size() - at_ < 3 || !is_digit_character(text_[at_ + 1]) ||
          !is_digit_character(text_[at_ + 2])) {
        return wrong(start, "% needs two digits after it, as in %12");
      }
      number = 10 * static_cast<std::size_t>(text_[at_ + 1] - '0') +
               static_cast<std::size_t>(text_[at_ + 2] - '0');
      at_ += 3;
    } else {
      number = static_cast<std::size_t>(text_[at_++] - '0');
    }
    OpenRing& ring = rings_[number];
    const WrittenBond bond = std::exchange(bond_, WrittenBond::implied);
    if (ring.atom < 0) {
      ring = {previous_, bond, start};
      return {};
    }
    const OpenRing closed = std::exchange(ring, OpenRing{});
    if (closed.bond != WrittenBond::implied && bond != WrittenBond::implied && closed.bond != bond) {
      return wrong(start, fmt::format("ring {} closes with another bond than it was opened with", number));
    }
    return connect(closed.atom, previous_, closed.bond != WrittenBond::implied ? closed.bond : bond, start);
  }

  Status connect(std::int32_t first, std::int32_t second, WrittenBond bond, std::size_t position) {
    if (first == second) return wrong(position, "an atom is bound to itself");
    for (const std::int32_t neighbour : neighbours_[static_cast<std::size_t>(second)]) {
      if (neighbour == first) return wrong(position, "two atoms are bound twice");
    }
    neighbours_[static_cast<std::size_t>(first)].push_back(second);
    neighbours_[static_cast<std::size_t>(second)].push_back(first);
    molecule_.bonds.push_back({first, second, BondOrder::single});
    written_.push_back(bond);
    return {};
  }

  Status add_atom(const Atom& atom, bool aromatic, bool organic, std::size_t position) {
    if (molecule_.atoms.size() == kMostAtoms) {
      return wrong(position, fmt::format("more than {} atoms", kMostAtoms));
    }
    const auto index = static_cast<std::int32_t>(molecule_.atoms.size());
    molecule_.atoms.push_back(atom);
    aromatic_.push_back(aromatic);
    organic_.push_back(organic);
    neighbours_.emplace_back();
    const std::int32_t before = std::exchange(previous_, index);
    branch_is_empty_ = false;
    dot_.reset();
    if (before < 0) return {};
    return connect(before, index, std::exchange(bond_, WrittenBond::implied), position);
  }

  // B C N O P S F Cl Br I, and b c n o p s.
  Status take_organic() {
    const std::size_t start = at_;
    const char c = here();
    const bool two = at_ + 1 < text_.size() &&
                     ((c == 'C' && text_[at_ + 1] == 'l') || (c == 'B' && text_[at_ + 1] == 'r'));
    if (two) {
      at_ += 2;
      return add_atom({.element = static_cast<std::uint8_t>(c == 'C' ? 17 : 35)}, false, true, start);
    }
    constexpr std::string_view kOrganic = "BCNOPSFI", kOrganicAromatic = "bcnops";
    const bool aromatic = kOrganicAromatic.find(c) != std::string_view::npos;
    if (c == '\0' || (!aromatic && kOrganic.find(c) == std::string_view::npos)) {
      if (c == '*') return wrong(at_, "the wildcard * is not supported");
      const std::string_view letter =
          text_.substr(at_, std::max<std::size_t>(utf8_length(text_.substr(at_)), 1));
      return wrong(at_, fmt::format("{} is not part of SMILES; elements such as Na stand in brackets: [Na]",
                                    in_quotes(letter)));
    }
    ++at_;
    const char upper = aromatic ? static_cast<char>(c - 'a' + 'A') : c;
    const int element = element_from_symbol(std::string_view(&upper, 1));
    return add_atom({.element = static_cast<std::uint8_t>(element)}, aromatic, true, start);
  }

  std::size_t take_number(std::size_t most_digits) {
    std::size_t number = 0;
    for (std::size_t i = 0; i < most_digits && is_digit_character(here()); ++i) {
      number = 10 * number + static_cast<std::size_t>(text_[at_++] - '0');
    }
    return number;
  }

  // [13CH4], [nH], [C@@H], [O-], [Fe+2], [Cu++], [CH3:7]
  Status take_bracket() {
    const std::size_t start = at_++;
    take_number(3);
    Atom atom;
    bool aromatic = false;
    if (Status status = take_bracket_symbol(atom, aromatic); !status) return status;
    while (here() == '@') ++at_;
    if (here() == 'H') {
      ++at_;
      atom.hydrogens = is_digit_character(here()) ? static_cast<std::uint8_t>(take_number(1)) : 1;
    }
    if (Status status = take_charge(atom); !status) return status;
    if (here() == ':') {
      ++at_;
      if (!is_digit_character(here())) return wrong(at_, "an atom class needs a number, as in [CH3:7]");
      take_number(4);
    }
    if (at_ == text_.size()) return wrong(start, "this [ is never closed");
    if (here() != ']') {
      return wrong(at_,
                   fmt::format("{} does not belong into brackets here", in_quotes(text_.substr(at_, 1))));
    }
    ++at_;
    return add_atom(atom, aromatic, false, start);
  }

  Status take_bracket_symbol(Atom& atom, bool& aromatic) {
    const std::size_t start = at_;
    for (const std::string_view symbol : {"se", "as", "te", "b", "c", "n", "o", "p", "s"}) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      std::string upper(symbol);
      upper[0] = static_cast<char>(upper[0] - 'a' + 'A');
      atom.element = static_cast<std::uint8_t>(element_from_symbol(upper));
      aromatic = true;
      at_ += symbol.size();
      return {};
    }
    for (const std::size_t length : {2u, 1u}) {
      const int element = element_from_symbol(text_.substr(at_, length));
      if (element == 0 || text_.size() - at_ < length) continue;
      atom.element = static_cast<std::uint8_t>(element);
      at_ += length;
      return {};
    }
    if (at_ == text_.size()) return wrong(start - 1, "this [ is never closed");
    if (here() == '*') return wrong(at_, "the wildcard * is not supported");
    return wrong(start, fmt::format("{} is not an element", in_quotes(text_.substr(at_, 1))));
  }

  Status take_charge(Atom& atom) {
    const char sign = here();
    if (sign != '+' && sign != '-') return {};
    const std::size_t start = at_++;
    std::size_t size = 1;
    if (is_digit_character(here())) {
      size = take_number(2);
    } else {
      for (; here() == sign; ++at_) ++size;
    }
    if (size > 15) return wrong(start, "a charge of more than 15");
    atom.charge = static_cast<std::int8_t>(sign == '+' ? static_cast<int>(size) : -static_cast<int>(size));
    return {};
  }

  Status check_end() const {
    if (bond_ != WrittenBond::implied) return wrong(bond_position_, "a bond needs an atom after it");
    if (dot_) return wrong(*dot_, "a dot needs an atom after it");
    if (!branches_.empty()) return wrong(branches_.back().position, "this branch is never closed");
    for (std::size_t number = 0; number < rings_.size(); ++number) {
      if (rings_[number].atom < 0) continue;
      return wrong(rings_[number].position, fmt::format("ring {} is opened here and never closed", number));
    }
    return {};
  }

  // Between two aromatic atoms nothing means aromatic, but only inside a ring: biphenyl's link is single.
  void settle_bonds() {
    for (std::size_t i = 0; i < written_.size(); ++i) {
      Bond& bond = molecule_.bonds[i];
      switch (written_[i]) {
        case WrittenBond::single:
          break;
        case WrittenBond::twofold:
          bond.order = BondOrder::twofold;
          break;
        case WrittenBond::threefold:
          bond.order = BondOrder::threefold;
          break;
        case WrittenBond::aromatic:
          bond.order = BondOrder::aromatic;
          break;
        case WrittenBond::implied:
          if (aromatic_[static_cast<std::size_t>(bond.first)] &&
              aromatic_[static_cast<std::size_t>(bond.second)] && closes_ring(bond)) {
            bond.order = BondOrder::aromatic;
          }
          break;
      }
    }
  }

  // Whether its atoms stay connected without it.
  bool closes_ring(const Bond& bond) const {
    std::vector<bool> seen(molecule_.atoms.size());
    std::vector<std::int32_t> open = {bond.first};
    seen[static_cast<std::size_t>(bond.first)] = true;
    while (!open.empty()) {
      const std::int32_t atom = open.back();
      open.pop_back();
      for (const std::int32_t next : neighbours_[static_cast<std::size_t>(atom)]) {
        if (atom == bond.first && next == bond.second) continue;
        if (next == bond.second) return true;
        if (!aromatic_[static_cast<std::size_t>(next)] || seen[static_cast<std::size_t>(next)]) continue;
        seen[static_cast<std::size_t>(next)] = true;
        open.push_back(next);
      }
    }
    return false;
  }

  // OpenSMILES 1.0, "Organic Subset": up to the next normal valence; an aromatic atom gives one bond to the
  // ring and uses its lowest valence only.
  void add_hydrogens() {
    std::vector<int> used(molecule_.atoms.size());
    for (const Bond& bond : molecule_.bonds) {
      const int order = bond.order == BondOrder::twofold ? 2 : bond.order == BondOrder::threefold ? 3 : 1;
      used[static_cast<std::size_t>(bond.first)] += order;
      used[static_cast<std::size_t>(bond.second)] += order;
    }
    for (std::size_t i = 0; i < molecule_.atoms.size(); ++i) {
      if (!organic_[i]) continue;
      const std::vector<int> valences = normal_valences(molecule_.atoms[i].element);
      const int sum = used[i] + (aromatic_[i] ? 1 : 0);
      for (const int valence : valences) {
        if (valence < sum && !aromatic_[i]) continue;
        molecule_.atoms[i].hydrogens = static_cast<std::uint8_t>(std::max(valence - sum, 0));
        break;
      }
    }
  }

  static std::vector<int> normal_valences(int element) {
    switch (element) {
      case 5:
        return {3};
      case 6:
        return {4};
      case 7:
      case 15:
        return {3, 5};
      case 8:
        return {2};
      case 16:
        return {2, 4, 6};
      default:
        return {1};  // the halogens
    }
  }

  std::string_view text_, source_;
  std::size_t at_ = 0;
  Molecule molecule_;
  std::vector<bool> aromatic_, organic_;               // one an atom
  std::vector<std::vector<std::int32_t>> neighbours_;  // one an atom
  std::vector<WrittenBond> written_;                   // one a bond
  std::int32_t previous_ = -1;
  WrittenBond bond_ = WrittenBond::implied;
  std::size_t bond_position_ = 0;
  std::optional<std::size_t> dot_;
  bool branch_is_empty_ = false;
  std::vector<OpenBranch> branches_;
  std::array<OpenRing, 100> rings_;
};

}  // namespace

Result<Molecule> molecule_from_smiles(std::string_view text, std::string_view source) {
  return SmilesParser(text, source).parse();
}

}  // namespace grokscope
