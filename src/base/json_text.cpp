#include "base/json_text.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/number_text.h"
#include "base/outside_text.h"

namespace grokscope {
namespace {

constexpr std::size_t kDepthLimit = 64;

/// Walks the text and leaves word of how far it came: the library reports positions for its own errors only.
struct CountingIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at = nullptr;
  std::size_t* consumed = nullptr;

  const char& operator*() const { return *at; }
  CountingIterator& operator++() {
    ++at;
    ++*consumed;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) { return a.at == b.at; }
  friend bool operator!=(const CountingIterator& a, const CountingIterator& b) { return a.at != b.at; }
};

/// Builds the value and refuses what the library would let pass: repeated keys and deep nesting.
class StrictBuilder : public nlohmann::json_sax<Json> {
 public:
  Json root;
  std::string problem;

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return refuse("binary values are not JSON"); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Level& level = levels_.back();
    if (!level.is_new(name)) return refuse(fmt::format("the key \"{}\" appears twice", visible(name)));
    level.key = std::move(name);
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    std::string_view text =
        error.what();  // "[json.exception...] parse error at line ...: syntax error while ... - why"
    for (const std::string_view prefix : {std::string_view("] "), std::string_view(" - ")}) {
      const auto found = text.find(prefix);
      if (found != std::string_view::npos) text.remove_prefix(found + prefix.size());
    }
    return refuse(visible(text, 160));  // it quotes the input, however long and however broken
  }

 private:
  struct Level {
    Json value;
    std::string key;
    std::unordered_set<std::string> seen;  // of objects with many keys: a few are compared faster than hashed

    bool is_new(const std::string& name) {
      constexpr std::size_t kFew = 24;
      const auto& members = value.get_ref<Json::object_t&>();
      if (members.size() < kFew)
        return std::ranges::none_of(members, [&](const auto& member) { return member.first == name; });
      if (seen.empty())
        for (const auto& member : members) seen.insert(member.first);
      return seen.insert(name).second;
    }
  };

  bool refuse(std::string why) {
    problem = std::move(why);
    return false;
  }

  bool add(Json value) {
    if (levels_.empty()) {
      root = std::move(value);
    } else if (Level& level = levels_.back(); level.value.is_array()) {
      level.value.push_back(std::move(value));
    } else {
      // Straight onto the vector below: ordered_map's own insertion looks through all keys, which
      // is_new() has done.
      level.value.get_ref<Json::object_t&>().emplace_back(std::move(level.key), std::move(value));
    }
    return true;
  }

  bool open(Json value) {
    if (levels_.size() == kDepthLimit)
      return refuse(fmt::format("nested more than {} levels deep", kDepthLimit));
    levels_.push_back({std::move(value), {}, {}});
    return true;
  }

  bool close() {
    Json value = std::move(levels_.back().value);
    levels_.pop_back();
    return add(std::move(value));
  }

  std::vector<Level> levels_;
};

/// "line 3, column 7" of the last byte read; columns count characters, not bytes.
std::string place_of(std::string_view text, std::size_t consumed) {
  std::size_t line = 1, column = 0;
  for (std::size_t i = 0; i < consumed && i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (i > 0 && text[i - 1] == '\n') {
      ++line;
      column = 0;
    }
    if ((byte & 0xC0) != 0x80) ++column;
  }
  return fmt::format("line {}, column {}", line, std::max<std::size_t>(column, 1));
}

Error json_error(std::string_view text, std::size_t consumed, std::string_view why, std::string_view source) {
  return failure(fmt::format("not valid JSON at {}: {}: {}", place_of(text, consumed), why, source));
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view source, std::size_t limit_bytes) {
  if (text.size() > limit_bytes) {
    return failure(fmt::format("JSON is larger than the limit of {} bytes: {}", limit_bytes, source));
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return failure(fmt::format("not valid JSON: there is nothing in it: {}", source));
  }
  // The library takes a NUL for the end of the text and would not look behind it.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    return json_error(text, nul + 1, "a NUL byte", source);
  }
  std::size_t consumed = 0;
  StrictBuilder builder;
  const CountingIterator begin{text.data(), &consumed}, end{text.data() + text.size(), &consumed};
  if (Json::sax_parse(begin, end, &builder)) return std::move(builder.root);
  return json_error(text, consumed, builder.problem, source);
}

std::optional<std::int64_t> whole_number_from_json(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    return number <= std::uint64_t{INT64_MAX} ? std::optional(static_cast<std::int64_t>(number))
                                              : std::nullopt;
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  return value.is_number_float() ? whole_number_of(value.get<double>()) : std::nullopt;
}

Json finite_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

void put_number(Json& object, const std::string& key, double value) {
  object[key] = finite_or_null(value);
  if (std::isfinite(value)) return;
  const char* what = std::isnan(value) ? "NaN" : value > 0 ? "inf" : "-inf";
  object["nonfinite"].push_back(fmt::format("{}: {}", key, what));
}

std::string text_from_json(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace grokscope
