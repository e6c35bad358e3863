#include "sweep/results_sqlite.h"

#include <sqlite3.h>

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

/// A table of ten million points takes longer to write than all the rest; a curve is one text.
constexpr const char* kSeriesView =
    "CREATE VIEW series AS SELECT key, name, step, "
    "CASE value WHEN 'NaN' THEN NULL WHEN 'inf' THEN 9e999 WHEN '-inf' THEN -9e999 ELSE value END AS value "
    "FROM (SELECT c.key AS key, c.name AS name, s.value AS step, "
    "json_extract(c.points, '$.value[' || s.key || ']') AS value FROM curves c, json_each(c.points, "
    "'$.step') s)";

std::string quoted_name(const std::string& name) {
  return "\"" + name + "\"";  // names of settings and metrics: no quotes in them
}

/// `text` must stand until the statement has been run: nothing is copied.
void bind_text(sqlite3_stmt* statement, int place, const std::string& text) {
  ::sqlite3_bind_text(statement, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
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
  std::unique_ptr<sqlite3_stmt, FinishStatement> add_run, add_curve;  // before the database
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
  const int code = ::sqlite3_open_v2(impl->file.path().c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  impl->database.reset(opened);
  impl->note(code);
  // Nobody else sees the file before it is whole: no journal is needed.
  // A curve is a kilobyte or more: pages of 4 KiB hold two. The cache, in KiB, holds both indices, which grow
  // with the rows: to make them at the end would read all that was written once more.
  impl->run("PRAGMA page_size = 32768");
  impl->run("PRAGMA cache_size = -65536");
  impl->run("PRAGMA journal_mode = OFF");
  impl->run("PRAGMA synchronous = OFF");
  impl->run("BEGIN");
  std::string names, marks;
  for (const std::string& column : impl->columns) {
    names += (names.empty() ? "" : ", ") + quoted_name(column);
    marks += marks.empty() ? "?" : ", ?";
  }
  impl->run("CREATE TABLE runs (" + names + ")");
  impl->run("CREATE TABLE curves (key TEXT, name TEXT, points TEXT)");
  impl->run("CREATE INDEX run_of_key ON runs (key)");
  impl->run("CREATE INDEX curve_of_run ON curves (key, name)");
  impl->run(kSeriesView);
  impl->run("CREATE TABLE plan (text TEXT)");
  impl->add_run = impl->prepared("INSERT INTO runs VALUES (" + marks + ")");
  impl->add_curve = impl->prepared("INSERT INTO curves VALUES (?, ?, ?)");
  if (const auto add_plan = impl->prepared("INSERT INTO plan VALUES (?)")) {
    const std::string text = text_from_json(json_from_plan(plan));
    bind_text(add_plan.get(), 1, text);
    impl->step(add_plan.get());
  }
  if (Status made = impl->status(); !made) return made.error();
  return ResultsDatabase(std::move(impl));
}

void ResultsDatabase::add(const std::vector<std::string>& cells, const OutcomeWithPoints& added) {
  sqlite3_stmt* run = impl_->add_run.get();
  for (std::size_t i = 0; i < cells.size(); ++i)
    bind_cell(run, static_cast<int>(i) + 1, impl_->columns[i], cells[i]);
  impl_->step(run);
  sqlite3_stmt* curve = impl_->add_curve.get();
  for (const SeriesPoints& series : added.series) {
    bind_text(curve, 1, added.outcome.key);
    bind_text(curve, 2, series.name);
    bind_text(curve, 3, series.points);
    impl_->step(curve);
  }
}

Status ResultsDatabase::commit() {
  impl_->run("COMMIT");
  impl_->add_run.reset();
  impl_->add_curve.reset();
  if (impl_->error.empty() && ::sqlite3_close(impl_->database.get()) == SQLITE_OK) {
    static_cast<void>(impl_->database.release());
  }
  if (Status written = impl_->status(); !written) return written;
  return impl_->file.commit();
}

}  // namespace grokscope
