// SDF: fixed columns, as the CTfile formats of MDL define them (V2000). See sdf.h.
#include "data/formats/sdf.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/outside_text.h"
#include "data/formats/known_kind.h"

namespace grokscope {
namespace {

// Columns count from 1, as the format's description does; shorter lines end early.
std::string_view sdf_columns(std::string_view line, std::size_t from, std::size_t to) {
  if (line.size() < from) return {};
  return trimmed(line.substr(from - 1, to - from + 1));
}

// A column of a whole number that may be blank, which means 0.
std::optional<std::int64_t> sdf_number(std::string_view line, std::size_t from, std::size_t to) {
  const std::string_view text = sdf_columns(line, from, to);
  return text.empty() ? std::optional<std::int64_t>(0) : whole_number(text);
}

bool is_record_end(std::string_view line) {
  return line.starts_with("$$$$");
}

}  // namespace

Error SdfReader::wrong(std::string_view why) const {
  return usage_error(
      fmt::format("record {}, line {} of the SDF file: {}: {}", record_, lines_.number(), why, source_));
}

Status SdfReader::take_line(std::string_view& line, std::string_view what) {
  if (lines_.next(line)) return {};
  return failure(fmt::format("the SDF file is cut off in record {}: {} is missing; get a fresh copy: {}",
                             record_, what, source_));
}

// Blank lines after the last record are no record.
bool SdfReader::at_end() {
  TextLines ahead = lines_;
  std::string_view line;
  while (ahead.next(line)) {
    if (!trimmed(line).empty()) return false;
  }
  return true;
}

Status SdfReader::read_counts(std::size_t& atoms, std::size_t& bonds) {
  std::string_view line;
  if (record_ == 1) {
    TextLines ahead = lines_;
    ahead.next(line);
    if (const std::string_view kind = known_kind(line); !kind.empty())
      return wrong(fmt::format("this is no SDF file, it is {}", kind));
  }
  for (const char* what : {"its name", "its second line", "its third line", "the counts line"}) {
    if (Status status = take_line(line, what); !status) return status;
    if (is_record_end(line)) return wrong("the record ends within its header");
  }
  if (sdf_columns(line, 35, 39) == "V3000")
    return wrong("V3000 records are not supported; convert it to V2000");
  if (sdf_columns(line, 35, 39) != "V2000") return wrong("the counts line does not end in V2000");
  const auto atom_count = sdf_number(line, 1, 3), bond_count = sdf_number(line, 4, 6);
  if (!atom_count || *atom_count < 1) {
    return wrong(fmt::format("{} is not a number of atoms", in_quotes(sdf_columns(line, 1, 3))));
  }
  if (!bond_count || *bond_count < 0) {
    return wrong(fmt::format("{} is not a number of bonds", in_quotes(sdf_columns(line, 4, 6))));
  }
  atoms = static_cast<std::size_t>(*atom_count);
  bonds = static_cast<std::size_t>(*bond_count);
  return {};
}

Status SdfReader::read_atom(Molecule& molecule) {
  std::string_view line;
  if (Status status = take_line(line, "an atom"); !status) return status;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::string_view text = sdf_columns(line, 1 + 10 * axis, 10 + 10 * axis);
    if (!finite_number(text)) {
      return wrong(
          fmt::format("{} is not a coordinate; an atom is missing or the line is damaged", in_quotes(text)));
    }
  }
  const std::string_view symbol = sdf_columns(line, 32, 34);
  const int element = element_from_symbol(symbol);
  if (element == 0) return wrong(fmt::format("{} is not an element", in_quotes(symbol)));
  constexpr std::array<std::int8_t, 8> kCharges = {0, 3, 2, 1, 0, -1, -2, -3};  // 4: a doublet radical
  const auto code = sdf_number(line, 37, 39);
  if (!code || *code < 0 || *code > 7) return wrong("the charge of an atom is not 0 to 7");
  molecule.atoms.push_back({.element = static_cast<std::uint8_t>(element),
                            .charge = kCharges[static_cast<std::size_t>(*code)],
                            .hydrogens = 0});
  return {};
}

Status SdfReader::read_bond(Molecule& molecule) {
  std::string_view line;
  if (Status status = take_line(line, "a bond"); !status) return status;
  const auto first = sdf_number(line, 1, 3), second = sdf_number(line, 4, 6), order = sdf_number(line, 7, 9);
  const auto atoms = static_cast<std::int64_t>(molecule.atoms.size());
  if (!first || !second || !order || *first < 1 || *second < 1 || *first > atoms || *second > atoms) {
    return wrong(fmt::format("{} is not a bond between two of {} atoms", in_quotes(line), atoms));
  }
  if (*first == *second) return wrong(fmt::format("atom {} is bound to itself", *first));
  if (*order < 1 || *order > 4) return wrong(fmt::format("a bond of the unknown order {}", *order));
  const Bond bond{static_cast<std::int32_t>(*first - 1), static_cast<std::int32_t>(*second - 1),
                  static_cast<BondOrder>(*order - 1)};
  for (const Bond& known : molecule.bonds) {
    const bool same = (known.first == bond.first && known.second == bond.second) ||
                      (known.first == bond.second && known.second == bond.first);
    if (same) return wrong(fmt::format("atoms {} and {} are bound twice", *first, *second));
  }
  molecule.bonds.push_back(bond);
  return {};
}

// "M  CHGnn8 aaa vvv ...": replaces every charge of the atom lines.
Status SdfReader::read_charges(std::string_view line, Molecule& molecule) {
  std::string_view rest = line.substr(6);
  const auto count = whole_number(next_word(rest));
  if (!count || *count < 1 || *count > 8) return wrong("an M  CHG line lists 1 to 8 charges");
  for (std::int64_t i = 0; i < *count; ++i) {
    const auto atom = whole_number(next_word(rest)), charge = whole_number(next_word(rest));
    if (!atom || *atom < 1 || *atom > static_cast<std::int64_t>(molecule.atoms.size()) || !charge ||
        *charge < -15 || *charge > 15) {
      return wrong(fmt::format("{} is not a list of charges", in_quotes(line)));
    }
    molecule.atoms[static_cast<std::size_t>(*atom - 1)].charge = static_cast<std::int8_t>(*charge);
  }
  return {};
}

Status SdfReader::read_properties(Molecule& molecule) {
  bool replaced = false;
  for (std::string_view line;;) {
    if (Status status = take_line(line, "M  END"); !status) return status;
    if (line.starts_with("M  END")) return {};
    if (is_record_end(line)) return wrong("the record ends without M  END");
    if (!line.starts_with("M  CHG")) continue;
    if (!std::exchange(replaced, true)) {
      for (Atom& atom : molecule.atoms) atom.charge = 0;
    }
    if (Status status = read_charges(line, molecule); !status) return status;
  }
}

Status SdfReader::read_end() {
  std::string_view line;
  do {
    if (Status status = take_line(line, "$$$$"); !status) return status;
  } while (!is_record_end(line));
  return {};
}

Result<std::optional<Molecule>> SdfReader::next() {
  if (at_end()) return std::optional<Molecule>();
  ++record_;
  std::size_t atoms = 0, bonds = 0;
  if (Status status = read_counts(atoms, bonds); !status) return status.error();
  Molecule molecule;
  for (std::size_t i = 0; i < atoms; ++i) {
    if (Status status = read_atom(molecule); !status) return status.error();
  }
  for (std::size_t i = 0; i < bonds; ++i) {
    if (Status status = read_bond(molecule); !status) return status.error();
  }
  if (Status status = read_properties(molecule); !status) return status.error();
  if (Status status = read_end(); !status) return status.error();
  return std::optional<Molecule>(std::move(molecule));
}

Result<bool> SdfReader::skip() {
  if (at_end()) return false;
  ++record_;
  if (Status status = read_end(); !status) return status.error();
  return true;
}

}  // namespace grokscope
