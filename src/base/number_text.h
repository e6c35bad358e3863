// Numbers and truth values as people type them: the one way in which --set, --steps, --until, sliders and the
// form read a value. JSON has types of its own (config/fields.h joins both). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace grokscope {

/// "0.5", "+3", "1e-3", ".5"; blanks around it do not matter. Nothing for everything else: a comma,
/// hexadecimal digits, infinity, a number that no double holds.
std::optional<double> number_from_text(std::string_view text);

/// "20000", and whole numbers written otherwise: "2e4", "20000.0" (up to 2^53, where doubles stop being
/// exact).
std::optional<std::int64_t> whole_number_from_text(std::string_view text);

/// "true", "yes", "on", "1" and their opposites, in any case: "True" is what Python writes.
std::optional<bool> truth_from_text(std::string_view text);

/// The whole number that a double is, up to 2^53; nothing for 0.5, NaN and infinity.
std::optional<std::int64_t> whole_number_of(double value);

}  // namespace grokscope
