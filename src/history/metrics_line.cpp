#include "history/metrics_line.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

namespace grokscope {
namespace {

constexpr std::uint64_t kLargestCount = std::uint64_t{1} << 53;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Walks along the line; every take_…() moves on only when it succeeds.
class LineCursor {
 public:
  explicit LineCursor(std::string_view line) : at_(line.data()), end_(line.data() + line.size()) {}

  bool at_end() const { return at_ == end_; }
  bool take(std::string_view expected) {
    if (std::string_view(at_, static_cast<std::size_t>(end_ - at_)).substr(0, expected.size()) != expected)
      return false;
    at_ += expected.size();
    return true;
  }
  bool take_key(std::string_view name) {
    const char* before = at_;
    if (take("\"") && take(name) && take("\":")) return true;
    at_ = before;
    return false;
  }
  bool take_count(std::uint64_t& value) {
    if (at_ == end_ || !is_digit(*at_) || (*at_ == '0' && at_ + 1 != end_ && is_digit(at_[1]))) return false;
    const auto [after, error] = std::from_chars(at_, end_, value);
    if (error != std::errc() || value > kLargestCount) return false;
    at_ = after;
    return true;
  }
  /// A number as JSON allows it. "-0" and what is too large for a double are left to the general reader.
  bool take_number(double& value) {
    const char* after = end_of_number();
    if (after == nullptr) return false;
    const auto [parsed, error] = std::from_chars(at_, after, value);
    if (error != std::errc() || parsed != after || (value == 0.0 && *at_ == '-')) return false;
    at_ = after;
    return true;
  }
  /// Up to the closing quote; no escapes.
  bool take_text(std::string_view& text) {
    if (at_ == end_ || *at_ != '"') return false;
    const char* close = at_ + 1;
    while (close != end_ && *close != '"' && *close != '\\') ++close;
    if (close == end_ || *close != '"') return false;
    text = std::string_view(at_ + 1, static_cast<std::size_t>(close - at_ - 1));
    at_ = close + 1;
    return true;
  }

 private:
  /// nullptr: no number stands here. JSON knows no leading zeros, no plus and no bare point.
  const char* end_of_number() const {
    const char* at = at_;
    const auto digits = [&] {
      const char* first = at;
      while (at != end_ && is_digit(*at)) ++at;
      return at != first;
    };
    if (at != end_ && *at == '-') ++at;
    const char* whole = at;
    if (!digits() || (*whole == '0' && at - whole > 1)) return nullptr;
    if (at != end_ && *at == '.') {
      ++at;
      if (!digits()) return nullptr;
    }
    if (at != end_ && (*at == 'e' || *at == 'E')) {
      ++at;
      if (at != end_ && (*at == '+' || *at == '-')) ++at;
      if (!digits()) return nullptr;
    }
    return at;
  }

  const char* at_;
  const char* end_;
};

struct Notes {
  bool seen = false;
  /// Which columns are +inf or -inf; every other null is NaN.
  std::array<double, 32> value{};
};

/// ["train_loss: inf", …]: the array after the first null. Columns in their order, so none twice.
bool take_notes(LineCursor& cursor, Notes& notes) {
  if (notes.seen || !cursor.take("[")) return false;
  notes.seen = true;
  const auto columns = metric_columns();
  std::size_t column = 0;
  do {
    std::string_view note;
    if (!cursor.take_text(note)) return false;
    const std::size_t colon = note.find(": ");
    if (colon == std::string_view::npos) return false;
    const std::string_view name = note.substr(0, colon), what = note.substr(colon + 2);
    while (column < columns.size() && columns[column].name != name) ++column;
    if (column == columns.size() || (what != "NaN" && what != "inf" && what != "-inf")) return false;
    const double infinity = std::numeric_limits<double>::infinity();
    if (what != "NaN") notes.value[column] = what == "inf" ? infinity : -infinity;
    ++column;
  } while (cursor.take(","));
  return cursor.take("]");
}

bool take_value(LineCursor& cursor, const MetricColumn& column, Evaluation& evaluation, bool& null) {
  null = false;
  if (column.integer) {
    std::uint64_t count = 0;
    if (!cursor.take_count(count)) return false;
    column.set(evaluation, static_cast<double>(count));
    return true;
  }
  double value = 0.0;
  if (cursor.take_number(value)) {
    column.set(evaluation, value);
    return true;
  }
  null = cursor.take("null");
  return null;
}

}  // namespace

bool read_metrics_line(std::string_view line, Evaluation& evaluation) {
  const auto columns = metric_columns();
  Notes notes;
  if (columns.size() > notes.value.size()) return false;
  LineCursor cursor(line);
  std::uint64_t step = 0;
  if (!cursor.take("{") || !cursor.take_key("step") || !cursor.take_count(step)) return false;
  evaluation.step = static_cast<std::int64_t>(step);
  if (!cursor.take(",") || !cursor.take_key("elapsed_s") || !cursor.take_number(evaluation.elapsed_s))
    return false;
  std::uint32_t nulls = 0;
  bool comma_taken = false;  // before a column that is not there
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!comma_taken && !cursor.take(",")) return false;
    if (cursor.take_key("nonfinite") && !(take_notes(cursor, notes) && cursor.take(","))) return false;
    comma_taken = !cursor.take_key(columns[i].name);
    if (comma_taken && columns[i].newer) continue;
    bool null = false;
    if (comma_taken || !take_value(cursor, columns[i], evaluation, null)) return false;
    if (null) nulls |= std::uint32_t{1} << i;
  }
  if (cursor.take(",") && !(cursor.take_key("nonfinite") && take_notes(cursor, notes))) return false;
  if (!cursor.take("}") || !cursor.at_end()) return false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if ((nulls >> i & 1) != 0)
      columns[i].set(evaluation, notes.value[i] != 0.0 ? notes.value[i] : Evaluation::kNan);
  }
  return true;
}

}  // namespace grokscope
