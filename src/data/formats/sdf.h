// SDF: molecules of an MDL V2000 file, one record after the other, as QM9's gdb9.sdf has them. Coordinates
// are checked and left aside. Untrusted input; torch-free. One thread an object.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "data/formats/molecule.h"
#include "data/formats/numbers.h"

namespace grokscope {

/// Walks over the records of `text`, which must outlive it. Never makes room for what a counts line promises:
/// memory grows with the lines that are really there.
class SdfReader {
 public:
  SdfReader(std::string_view text, std::string_view source) : lines_(text), source_(source) {}
  /// The next molecule, or nothing at the end. Errors name the record and the line.
  Result<std::optional<Molecule>> next();
  /// Passes over the next record without reading it; false at the end. A record without its $$$$ is an error.
  Result<bool> skip();
  std::size_t records() const { return record_; }  ///< read or skipped so far

 private:
  bool at_end();
  Status read_counts(std::size_t& atoms, std::size_t& bonds);
  Status read_atom(Molecule& molecule);
  Status read_bond(Molecule& molecule);
  Status read_properties(Molecule& molecule);
  Status read_charges(std::string_view line, Molecule& molecule);
  Status read_end();
  Status take_line(std::string_view& line, std::string_view what);
  Error wrong(std::string_view why) const;

  TextLines lines_;
  std::string_view source_;
  std::size_t record_ = 0;
};

}  // namespace grokscope
