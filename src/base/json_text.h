// Strict JSON in and out: NaN and infinity become null with a note beside them; input is bounded and checked.
// Any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace grokscope {

using Json = nlohmann::ordered_json;

/// Parses at most `limit_bytes`, depth <= 64, no duplicate keys, valid UTF-8. The error says line and column.
Result<Json> parse_json(std::string_view text, std::string_view source, std::size_t limit_bytes = 64u << 20);
/// The whole number that stands there, however it is written: 30 and 30.0 are the same one. Nothing for
/// anything else, and for what int64 (or, with a point, a double's 53 bits) cannot hold.
std::optional<std::int64_t> whole_number_from_json(const Json& value);
/// A number, or null when not finite.
Json finite_or_null(double value);
/// Sets object[key]; when not finite writes null and appends "key: NaN|inf|-inf" to object["nonfinite"].
void put_number(Json& object, const std::string& key, double value);
/// One line (indent < 0) or indented; never throws on invalid UTF-8 (replaced).
std::string text_from_json(const Json& json, int indent = -1);

}  // namespace grokscope
