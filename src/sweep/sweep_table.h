// SweepTable: what is known of every run of a plan, in a few bytes each: what maps, curves and pictures of a
// sweep are made of. Not the whole outcomes (outcome_store.h). Values and pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sweep/outcome.h"
#include "sweep/plan.h"
#include "theory/learning_phase.h"

namespace grokscope {

enum class RowState : std::uint8_t { unknown, trained, diverged, failed };

struct SweepRow {
  static constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  RowState state = RowState::unknown;
  theory::LearningPhase phase = theory::LearningPhase::undecided;
  std::int64_t steps = 0;                                                ///< that it trained
  std::int64_t train_99 = -1, test_50 = -1, test_95 = -1, test_99 = -1;  ///< first steps, -1: never
  float train_accuracy = kNan, test_accuracy = kNan, test_loss = kNan;   ///< at its end
  float best_test_accuracy = kNan;                                       ///< of any evaluation
};
SweepRow row_from(const Outcome& outcome);
/// The same from a line of a shard, without reading its series.
Result<SweepRow> row_from_line(std::string_view line, const std::string& source);

struct SweepTable {
  std::size_t seeds = 1;       ///< rows of a cell, one after the other
  std::vector<SweepRow> rows;  ///< in the order of the plan (plan.h)

  explicit SweepTable(const SweepPlan& plan) : seeds(plan.runs_of_cell()), rows(plan.runs()) {}
  std::size_t cells() const { return seeds == 0 ? 0 : rows.size() / seeds; }
  std::span<const SweepRow> cell(std::size_t at) const { return std::span(rows).subspan(at * seeds, seeds); }
  std::size_t known() const;
};

/// What a map can show of a cell.
enum class SweepMeasure {
  steps_to_generalise,  ///< first step with 95 % test accuracy
  delay,                ///< from 99 % train to 95 % test accuracy, in steps
  final_error,          ///< 1 - test accuracy at the end
  phase                 ///< of learning (theory/learning_phase.h)
};
std::string_view name_of(SweepMeasure measure);
std::optional<SweepMeasure> sweep_measure(std::string_view name);

/// NaN: not known (yet); infinite: never. Of the phase its number.
double value_of(const SweepRow& row, SweepMeasure measure);

/// The runs of one cell, over its seeds.
struct CellSummary {
  std::size_t known = 0;                                     ///< that trained, diverged or failed
  std::size_t never = 0;                                     ///< of those: whose value is infinite
  double median = std::numeric_limits<double>::quiet_NaN();  ///< of those known; infinite: half or more never
  double low = median, high = median;                        ///< of the finite ones
  theory::LearningPhase phase = theory::LearningPhase::undecided;  ///< of most; of equally many the lower one
  bool diverged = false;                                           ///< or failed: half of them or more
  bool disagrees = false;  ///< seeds are of different phases; of another measure: some never, some do
};
CellSummary summary_of(std::span<const SweepRow> cell, SweepMeasure measure);

/// Where on an axis a value lies, in places of its values (0: the first), between two of them by their
/// distance, or its logarithm where all are positive and spread over a decade. Nothing: outside by more than
/// half a place, or no number.
std::optional<double> place_on(const SweepAxis& axis, const FieldValue& value);

}  // namespace grokscope
