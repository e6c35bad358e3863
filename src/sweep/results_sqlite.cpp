#include "sweep/results_sqlite.h"

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/file_replacement.h"
#include "base/number_text.h"
#include "sweep/merge.h"
#include "sweep/plan_json.h"

namespace grokscope {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* database) const { ::sqlite3_close(database); }
};
struct FinishStatement {
  void operator()(sqlite3_stmt* statement) const { ::sqlite3_finalize(statement); }
};

std::string quoted_name(const std::string& name) {
  return "\"" + name + "\"";  // names of settings and metrics: no quotes in them
}

void bind_text(sqlite3_stmt* statement, int place, const std::string& text) {
  ::sqlite3_bind_text(statement, place, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

/// A number as a number, so that a query can compare it; but for a key, which may consist of digits alone.
void bind_cell(sqlite3_stmt* statement, int place, const std::string& column, const std::string& cell) {
  const bool text = column == "key";
  const auto whole = text ? std::nullopt : whole_number_from_text(cell);
  const auto number = text ? std::nullopt : number_from_text(cell);
  if (cell.empty() || cell == "nan") {
    ::sqlite3_bind_null(statement, place);
  } else if (whole) {
    ::sqlite3_bind_int64(statement, place, *whole);
  } else if (number) {
    ::sqlite3_bind_double(statement, place, *number);
  } else {
    bind_text(statement, place, cell);
  }
}

}  // namespace

struct ResultsDatabase::Impl {
  std::string target;
  FileReplacement file;
  std::vector<std::string> columns;
  std::unique_ptr<sqlite3, CloseDatabase> database;
  std::unique_ptr<sqlite3_stmt, FinishStatement> add_run, add_key, add_name,
      add_point;                              // before the database
  std::map<std::string, std::int64_t> names;  ///< of series, and their numbers
  std::int64_t points = 0;
  std::string error;

  void note(int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE && error.empty())
      error = database ? ::sqlite3_errmsg(database.get()) : ::sqlite3_errstr(code);
  }
  void run(const std::string& sql) {
    note(::sqlite3_exec(database.get(), sql.c_str(), nullptr, nullptr, nullptr));
  }
  std::unique_ptr<sqlite3_stmt, FinishStatement> prepared(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    note(::sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &statement, nullptr));
    return std::unique_ptr<sqlite3_stmt, FinishStatement>(statement);
  }
  void step(sqlite3_stmt* statement) {
    note(::sqlite3_step(statement));
    ::sqlite3_reset(statement);
  }
  std::int64_t number_of(const std::string& name) {
    const auto [found, is_new] = names.try_emplace(name, static_cast<std::int64_t>(names.size()));
    if (!is_new) return found->second;
    ::sqlite3_bind_int64(add_name.get(), 1, found->second);
    bind_text(add_name.get(), 2, name);
    step(add_name.get());
    return found->second;
  }
  void add_series(const Outcome& outcome) {
    const std::int64_t first = points + 1;
    sqlite3_stmt* point = add_point.get();
    for (const OutcomeSeries& series : outcome.series) {
      ::sqlite3_bind_int64(point, 1, number_of(series.name));
      for (std::size_t i = 0; i < series.steps.size(); ++i) {
        ::sqlite3_bind_int64(point, 2, series.steps[i]);
        ::sqlite3_bind_double(point, 3, series.values[i]);
        step(point);
        ++points;
      }
    }
    bind_text(add_key.get(), 1, outcome.key);
    ::sqlite3_bind_int64(add_key.get(), 2, first);
    ::sqlite3_bind_int64(add_key.get(), 3, points);
    step(add_key.get());
  }
  Status status() const {
    return error.empty() ? Status() : Status(failure("cannot write the database: " + error + ": " + target));
  }
};

ResultsDatabase::ResultsDatabase(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ResultsDatabase::ResultsDatabase(ResultsDatabase&& other) noexcept = default;
ResultsDatabase::~ResultsDatabase() = default;

Result<ResultsDatabase> ResultsDatabase::beside(const std::string& target, const SweepPlan& plan) {
  auto file = FileReplacement::beside(target);
  if (!file) return file.error();
  auto impl = std::make_unique<Impl>(Impl{target, std::move(*file), result_columns(plan), {}, {}, {}, {}});
  sqlite3* opened = nullptr;
  const int code = ::sqlite3_open_v2(impl->file.path().c_str(), &opened,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  impl->database.reset(opened);
  impl->note(code);
  // Nobody else sees the file before it is whole: no journal is needed.
  impl->run("PRAGMA journal_mode = OFF");
  impl->run("PRAGMA synchronous = OFF");
  impl->run("BEGIN");
  std::string names, marks;
  for (const std::string& column : impl->columns) {
    names += (names.empty() ? "" : ", ") + quoted_name(column);
    marks += marks.empty() ? "?" : ", ?";
  }
  impl->run("CREATE TABLE runs (" + names + ")");
  // The points of a run stand in a row: a run names the first and the last. With its key beside each of them
  // the file is six times as large, and takes twice as long.
  impl->run("CREATE TABLE series_keys (key TEXT PRIMARY KEY, first INTEGER, last INTEGER)");
  impl->run("CREATE TABLE series_names (number INTEGER PRIMARY KEY, name TEXT)");
  impl->run(
      "CREATE TABLE series_points (point INTEGER PRIMARY KEY, series INTEGER, step INTEGER, value REAL)");
  // Whatever is asked, the points of a run are found by their numbers: + keeps SQLite from an index of its
  // own.
  impl->run(
      "CREATE VIEW series AS SELECT k.key AS key, n.name AS name, +p.step AS step, +p.value AS value "
      "FROM series_keys k CROSS JOIN series_points p ON p.point BETWEEN k.first AND k.last "
      "CROSS JOIN series_names n ON n.number = p.series");
  impl->run("CREATE TABLE plan (text TEXT)");
  impl->add_run = impl->prepared("INSERT INTO runs VALUES (" + marks + ")");
  impl->add_key = impl->prepared("INSERT INTO series_keys VALUES (?, ?, ?)");
  impl->add_name = impl->prepared("INSERT INTO series_names VALUES (?, ?)");
  impl->add_point = impl->prepared("INSERT INTO series_points (series, step, value) VALUES (?, ?, ?)");
  if (const auto add_plan = impl->prepared("INSERT INTO plan VALUES (?)")) {
    bind_text(add_plan.get(), 1, text_from_json(json_from_plan(plan)));
    impl->step(add_plan.get());
  }
  if (Status made = impl->status(); !made) return made.error();
  return ResultsDatabase(std::move(impl));
}

void ResultsDatabase::add(const std::vector<std::string>& cells, const Outcome& outcome) {
  sqlite3_stmt* run = impl_->add_run.get();
  for (std::size_t i = 0; i < cells.size(); ++i)
    bind_cell(run, static_cast<int>(i) + 1, impl_->columns[i], cells[i]);
  impl_->step(run);
  if (!outcome.series.empty()) impl_->add_series(outcome);
}

Status ResultsDatabase::commit() {
  impl_->run("CREATE INDEX run_of_key ON runs (key)");
  impl_->run("COMMIT");
  for (auto* statement : {&impl_->add_run, &impl_->add_key, &impl_->add_name, &impl_->add_point})
    statement->reset();
  if (impl_->error.empty() && ::sqlite3_close(impl_->database.get()) == SQLITE_OK) {
    static_cast<void>(impl_->database.release());
  }
  if (Status written = impl_->status(); !written) return written;
  return impl_->file.commit();
}

}  // namespace grokscope
