#include "sweep/sweep_reader.h"

#include <algorithm>
#include <numeric>

namespace grokscope {
namespace {

/// The series whose course a cell shows.
std::string shown_series(const SweepPlan& plan) {
  const bool usual = std::find(plan.record.begin(), plan.record.end(), "test_accuracy") != plan.record.end();
  return usual ? "test_accuracy" : plan.record.empty() ? "" : plan.record.front();
}

}  // namespace

SweepReader::SweepReader(const SweepPlan& plan) : table_(plan), unknown_(plan.runs()) {
  std::iota(unknown_.begin(), unknown_.end(), std::size_t{0});
}

std::vector<std::size_t> SweepReader::read(const Sweep& sweep) {
  std::vector<std::size_t> cells;
  OutcomeStore::OpenShards shards;
  std::erase_if(unknown_, [&](std::size_t run) {
    const std::string& key = sweep.key(run);
    if (sweep.store().find(key) == OutcomeStore::Where::nowhere) return false;
    const auto line = sweep.store().line_of(key, &shards);
    const auto row = line ? row_from_line(*line, sweep.folder().shards()) : Result<SweepRow>(line.error());
    if (!row) return false;
    table_.rows[run] = *row;
    if (cells.empty() || cells.back() != run / table_.seeds) cells.push_back(run / table_.seeds);
    return true;
  });
  return cells;
}

void SweepReader::expect_failed() {
  unknown_.clear();
  for (std::size_t run = 0; run < table_.rows.size(); ++run) {
    SweepRow& row = table_.rows[run];
    if (row.state == RowState::failed) row = {};
    if (row.state == RowState::unknown) unknown_.push_back(run);
  }
}

CellCurves SweepReader::curves_of(const Sweep& sweep, std::size_t cell) const {
  CellCurves curves;
  curves.cell = cell;
  curves.series = shown_series(sweep.plan());
  for (std::size_t seed = 0; seed < table_.seeds; ++seed) {
    const std::string& key = sweep.key(cell * table_.seeds + seed);
    if (sweep.store().find(key) == OutcomeStore::Where::nowhere) continue;
    ++curves.known;
    const auto line = sweep.store().line_of(key);
    const auto outcome =
        line ? outcome_from_line(*line, sweep.folder().shards()) : Result<Outcome>(line.error());
    if (!outcome) continue;
    for (const OutcomeSeries& series : outcome->series) {
      if (series.name == curves.series) curves.curves.push_back({outcome->seed, series.steps, series.values});
    }
  }
  return curves;
}

}  // namespace grokscope
