// Task `table`: a binary operation that the user wrote down as CSV (formats/csv_table.h).
#include <algorithm>
#include <filesystem>

#include "base/read_file.h"
#include "data/formats/csv_table.h"
#include "data/tasks/examples.h"

namespace grokscope {
namespace {

constexpr std::uint64_t kLargestTable = 16u << 20;

}  // namespace

Result<Examples> table_examples(const TaskConfig& task, std::uint64_t) {
  if (task.path.empty()) {
    return usage_error(
        "the task 'table' needs a CSV file: set task.path to one with the columns a, b, answer");
  }
  const auto text = read_file(task.path, kLargestTable);
  if (!text) return text.error();
  auto table = truth_table_from_csv(*text, task.path);
  if (!table) return table.error();
  Examples examples;
  for (const TruthTable::Entry& entry : table->entries) {
    examples.pairs.insert(examples.pairs.end(), {entry.a, entry.b});
    examples.targets.push_back(entry.answer);
    examples.left_tokens = std::max<std::int64_t>(examples.left_tokens, entry.a + 1);
    examples.right_tokens = std::max<std::int64_t>(examples.right_tokens, entry.b + 1);
  }
  examples.pool_size = static_cast<std::int64_t>(table->entries.size());
  examples.token_count = static_cast<std::int64_t>(table->tokens.size());
  examples.class_count = static_cast<std::int64_t>(table->classes.size());
  examples.token_names = std::move(table->tokens);
  examples.class_names = std::move(table->classes);
  examples.reading = std::move(table->reading);
  examples.title = std::filesystem::path(task.path).filename().string();
  return examples;
}

}  // namespace grokscope
