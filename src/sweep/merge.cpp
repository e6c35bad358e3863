#include "sweep/merge.h"

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "base/file_replacement.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json_text.h"
#include "base/version.h"
#include "sweep/merge_rows.h"
#include "sweep/plan_json.h"
#include "sweep/results_sqlite.h"

namespace grokscope {
namespace {

constexpr std::size_t kLargestStamp = 4096;

/// "nan", "inf" and "-inf" stand for themselves, as in a run's CSV.
std::string cell_of(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return text_of(FieldValue(value));
}

/// Of a run that could not start nothing was measured.
std::string measured(const Outcome& outcome, double value) {
  return outcome.failed() && std::isnan(value) ? "" : cell_of(value);
}

std::string cell_of_step(std::int64_t step) {
  return step < 0 ? "" : std::to_string(step);
}

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

std::string row_of(const std::vector<std::string>& cells) {
  std::string row;
  for (const std::string& cell : cells) row += (&cell == cells.data() ? "" : ",") + quoted(cell);
  return row + "\n";
}

/// What a sweep that was killed while it merged left behind. Nobody else merges here: the folder is locked.
void remove_leftovers(const SweepFolder& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(".results.") && name.find(".tmp") != std::string::npos) left.push_back(entry.path());
  }
  for (const auto& path : left) std::filesystem::remove(path, error);
}

/// What the results are made of: they are a function of it.
std::string digest_of(const SweepPlan& plan, const std::vector<std::string>& keys,
                      const OutcomeStore& store) {
  Hash128 hash;
  hash.add(kVersion);
  hash.add(text_from_json(json_from_plan(plan)));
  for (const std::string& key : keys) {
    hash.add(key);
    hash.add(store.place_of(key));
    hash.add("\n");
  }
  return hash.hex();
}

std::string stamp_path(const SweepFolder& folder) {
  return folder.path + "/.merged";
}

/// The results that are there, if they were made of just this: nothing to do takes no time then.
std::optional<MergedResults> merged_before(const SweepFolder& folder, const std::string& digest) {
  std::error_code ignored;
  for (const char* ending : {"csv", "jsonl", "sqlite"})
    if (!std::filesystem::is_regular_file(folder.results(ending), ignored)) return std::nullopt;
  const auto text = read_file(stamp_path(folder), kLargestStamp);
  const auto json = text ? parse_json(*text, "stamp", kLargestStamp) : Result<Json>(text.error());
  if (!json || !json->is_object() || json->value("digest", Json()) != digest) return std::nullopt;
  const auto rows = whole_number_from_json(json->value("rows", Json()));
  const auto failed = whole_number_from_json(json->value("failed", Json()));
  if (!rows || !failed || *rows < 0 || *failed < 0) return std::nullopt;
  return MergedResults{static_cast<std::size_t>(*rows), static_cast<std::size_t>(*failed), true};
}

Status leave_stamp(const SweepFolder& folder, const std::string& digest, const MergedResults& merged) {
  const Json stamp = {{"digest", digest}, {"rows", merged.rows}, {"failed", merged.failed}};
  return write_file_atomic(stamp_path(folder), text_from_json(stamp) + "\n");
}

}  // namespace

Status check_results(const SweepFolder& folder) {
  const std::string path = folder.results("jsonl");
  if (::access(path.c_str(), F_OK) != 0) return {};
  const auto file = open_ordinary_file(path);
  if (!file) return file.error();
  std::string begin(128, '\0');
  const ssize_t count = ::pread(file->descriptor.get(), begin.data(), begin.size(), 0);
  begin.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  const std::string schema = schema_of_line(begin);
  if (begin.empty() || schema == kOutcomeSchema) return {};
  return failure(
      fmt::format("these results were written by another version ({} instead of {}): take another "
                  "folder: {}",
                  schema.empty() ? "something else" : schema, kOutcomeSchema, path));
}

std::vector<std::string> result_columns(const SweepPlan& plan) {
  std::vector<std::string> columns;
  if (plan.is_list()) columns.emplace_back("run");
  for (const SweepAxis& axis : plan.axes) columns.push_back(axis.field);
  for (const char* name : {"seed", "train_99", "test_50", "test_90", "test_95", "test_99", "train_accuracy",
                           "test_accuracy", "best_test_accuracy", "train_loss", "test_loss", "weight_norm",
                           "steps", "seconds", "phase", "stopped", "key"})
    columns.emplace_back(name);
  return columns;
}

std::vector<std::string> result_cells(const SweepPlan& plan, std::size_t run, const Outcome& outcome) {
  const SweepPlace place = place_of(plan, run);
  std::vector<std::string> cells;
  if (plan.is_list()) cells.push_back(std::to_string(run + 1));
  for (std::size_t axis = 0; axis < plan.axes.size(); ++axis)
    cells.push_back(text_of(plan.axes[axis].values[place.along[axis]]));
  cells.push_back(std::to_string(outcome.seed));
  for (const std::int64_t step : {outcome.first.train_99, outcome.first.test_50, outcome.first.test_90,
                                  outcome.first.test_95, outcome.first.test_99})
    cells.push_back(cell_of_step(step));
  const Evaluation& last = outcome.last;
  for (const double value : {last.train_accuracy, last.test_accuracy, outcome.best_test_accuracy,
                             last.train_loss, last.test_loss, last.weight_norm})
    cells.push_back(measured(outcome, value));
  cells.push_back(outcome.failed() ? "" : std::to_string(last.step));
  cells.push_back(fmt::format("{:.3f}", outcome.seconds));
  cells.push_back(outcome.phase);
  cells.push_back(outcome.stopped);
  cells.push_back(outcome.key);
  return cells;
}

Result<MergedResults> merge_results(const SweepPlan& plan, const std::vector<std::string>& keys,
                                    const OutcomeStore& store, const SweepFolder& folder) {
  const std::string digest = digest_of(plan, keys, store);
  if (const auto before = merged_before(folder, digest)) return *before;
  remove_leftovers(folder);
  auto table = FileReplacement::beside(folder.results("csv"));
  if (!table) return table.error();
  auto lines = FileReplacement::beside(folder.results("jsonl"));
  if (!lines) return lines.error();
  auto database = ResultsDatabase::beside(folder.results("sqlite"), plan);
  if (!database) return database.error();
  MergedResults merged;
  table->write(row_of(result_columns(plan)));
  MergeRows rows(plan, keys, store);
  for (auto some = rows.next(); !some.empty(); some = rows.next()) {
    for (const auto& row : some) {
      if (!row) return row.error();
      table->write(row_of(row->cells));
      lines->write(row->line);
      lines->write("\n");
      database->add(row->cells, row->run);
      merged.rows += 1;
      merged.failed += row->run.outcome.failed() ? 1 : 0;
    }
  }
  if (Status kept = lines->commit(); !kept) return kept.error();
  if (Status kept = database->commit(); !kept) return kept.error();
  if (Status kept = table->commit(); !kept) return kept.error();
  if (Status kept = leave_stamp(folder, digest, merged); !kept) return kept.error();
  return merged;
}

}  // namespace grokscope
