// Fuzz body: any bytes as rows of CSV and as a truth table; what is accepted must be in order and within its
// own symbols.
// module: data
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <tuple>

#include "data/formats/csv_reader.h"
#include "data/formats/csv_table.h"

namespace {

using namespace grokscope;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_rows(std::string_view text, bool comments) {
  CsvReader reader(text, "fuzz.csv", {.columns = 50, .comments = comments});
  std::size_t before = 0;
  for (CsvRow row;;) {
    const auto more = reader.next(row);
    if (!more) return require(more.error().message.ends_with(": fuzz.csv"));
    if (!*more) return;
    require(row.number > before && !row.cells.empty() && row.cells.size() <= 50);
    before = row.number;
    std::size_t bytes = 0;
    for (const std::string_view cell : row.cells) bytes += cell.size();
    require(bytes > 0 && bytes <= text.size());
  }
}

void check_table(std::string_view text) {
  const auto table = truth_table_from_csv(text, "fuzz.csv");
  if (!table) return require(table.error().message.ends_with(": fuzz.csv"));
  require(!table->reading.empty());
  const auto tokens = static_cast<std::int32_t>(table->tokens.size());
  const auto classes = static_cast<std::int32_t>(table->classes.size());
  const TruthTable::Entry* previous = nullptr;
  for (const auto& entry : table->entries) {
    require(entry.a >= 0 && entry.a < tokens && entry.b >= 0 && entry.b < tokens);
    require(entry.answer >= 0 && entry.answer < classes);
    require(!previous || std::tie(previous->a, previous->b) < std::tie(entry.a, entry.b));
    previous = &entry;
  }
  for (std::size_t i = 1; i < table->tokens.size(); ++i)
    require(natural_less(table->tokens[i - 1], table->tokens[i]));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_rows(text, false);
  check_rows(text, true);
  check_table(text);
  return 0;
}
