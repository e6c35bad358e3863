// Whole numbers from numbers that nobody vouches for (frames of a run folder, positions of a mouse):
// converting one that does not fit is undefined behaviour in C++. Not a parser. Any thread.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace grokscope {

/// The nearest whole number; nothing for NaN and beyond ±2⁵³, where a double no longer counts one by one.
inline std::optional<std::int64_t> whole_from(double value) {
  constexpr double kMost = 9007199254740992.0;
  if (!(std::abs(value) <= kMost)) return std::nullopt;
  return std::llround(value);
}

/// The index of the cell [i, i + 1) that `value` lies in; nothing outside of 0..count and for NaN.
inline std::optional<std::size_t> cell_from(double value, std::int64_t count) {
  if (!(value >= 0.0) || !(value < static_cast<double>(count))) return std::nullopt;
  return static_cast<std::size_t>(value);
}

/// The nearest index; nothing if that is not one of `count`.
inline std::optional<std::size_t> index_from(double value, std::size_t count) {
  const std::optional<std::int64_t> whole = whole_from(value);
  if (!whole || *whole < 0 || static_cast<std::uint64_t>(*whole) >= count) return std::nullopt;
  return static_cast<std::size_t>(*whole);
}

/// The product of sizes that a file names; nothing where one is negative or it is more than `most`.
inline std::optional<std::size_t> cells_of(std::int64_t rows, std::int64_t columns, std::size_t most) {
  if (rows < 0 || columns < 0) return std::nullopt;
  const auto high = static_cast<std::uint64_t>(rows), wide = static_cast<std::uint64_t>(columns);
  if (high != 0 && wide > most / high) return std::nullopt;
  return static_cast<std::size_t>(high * wide);
}

}  // namespace grokscope
