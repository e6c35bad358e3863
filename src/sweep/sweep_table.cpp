#include "sweep/sweep_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/statistics.h"

namespace grokscope {
namespace {

using theory::LearningPhase;
constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int kPhases = static_cast<int>(LearningPhase::confusion) + 1;

LearningPhase phase_from(std::string_view name) {
  for (int i = 0; i < kPhases; ++i) {
    if (theory::name_of(static_cast<LearningPhase>(i)) == name) return static_cast<LearningPhase>(i);
  }
  return LearningPhase::undecided;
}

double step_or_never(std::int64_t step) {
  return step < 0 ? kInfinite : static_cast<double>(step);
}

std::optional<double> number_of(const FieldValue& value) {
  if (const double* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::nullopt;
}

/// The number behind a key, NaN for null; nothing where there is neither.
std::optional<double> number_behind(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + key.size());
  if (text.starts_with("null")) return kNan;
  double number = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data() + text.size() || (*end != ',' && *end != '}'))
    return std::nullopt;
  return number;
}

/// Of a line as line_from_outcome() writes it, without infinite numbers: a hundred thousand of them are
/// looked at within a second. Nothing: it has to be parsed.
std::optional<SweepRow> quick_row(std::string_view line) {
  const auto head = head_of_line(line);
  const auto begin = line.find(",\"first_step\":{"), end = line.find(",\"series\":{");
  if (!head || head->stopped == Outcome::kFailed || begin == std::string_view::npos ||
      end == std::string_view::npos || end < begin)
    return std::nullopt;
  const std::string_view part = line.substr(begin, end - begin);
  const auto last = part.find("\"last\":{");
  const auto phase = part.find("\"phase\":\"");
  if (last == std::string_view::npos || phase == std::string_view::npos) return std::nullopt;
  // null is NaN, unless a note beside it says otherwise.
  if (part.find(": inf\"") != std::string_view::npos || part.find(": -inf\"") != std::string_view::npos)
    return std::nullopt;
  SweepRow row;
  row.state = head->stopped == "diverged" ? RowState::diverged : RowState::trained;
  const std::string_view name = part.substr(phase + 9);
  row.phase = phase_from(name.substr(0, name.find('"')));
  bool whole = true;
  const auto step = [&](std::string_view key) {
    const auto number = number_behind(part.substr(0, last), key);
    whole = whole && number.has_value();
    return number && std::isfinite(*number) ? static_cast<std::int64_t>(*number) : std::int64_t{-1};
  };
  const auto value = [&](std::string_view key) {
    const auto number = number_behind(part.substr(last), key);
    whole = whole && number.has_value();
    return static_cast<float>(number.value_or(kNan));
  };
  row.train_99 = step("\"train_99\":");
  row.test_50 = step("\"test_50\":");
  row.test_95 = step("\"test_95\":");
  row.test_99 = step("\"test_99\":");
  const auto steps = number_behind(part.substr(last), "{\"step\":");
  row.steps = static_cast<std::int64_t>(steps.value_or(0.0));
  row.train_accuracy = value("\"train_accuracy\":");
  row.test_accuracy = value("\"test_accuracy\":");
  row.test_loss = value("\"test_loss\":");
  row.best_test_accuracy = value("\"best_test_accuracy\":");
  return whole && steps && std::isfinite(*steps) ? std::optional(row) : std::nullopt;
}

}  // namespace

SweepRow row_from(const Outcome& outcome) {
  SweepRow row;
  row.state = outcome.failed()                ? RowState::failed
              : outcome.stopped == "diverged" ? RowState::diverged
                                              : RowState::trained;
  row.phase = phase_from(outcome.phase);
  row.steps = outcome.last.step;
  row.train_99 = outcome.first.train_99;
  row.test_50 = outcome.first.test_50;
  row.test_95 = outcome.first.test_95;
  row.test_99 = outcome.first.test_99;
  row.train_accuracy = static_cast<float>(outcome.last.train_accuracy);
  row.test_accuracy = static_cast<float>(outcome.last.test_accuracy);
  row.test_loss = static_cast<float>(outcome.last.test_loss);
  row.best_test_accuracy = static_cast<float>(outcome.best_test_accuracy);
  return row;
}

Result<SweepRow> row_from_line(std::string_view line, const std::string& source) {
  if (const auto row = quick_row(line)) return *row;
  // The series stand last and are most of a line; a quote inside of a text is escaped: this is the key.
  const auto series = line.find(",\"series\":{");
  const auto outcome = series == std::string_view::npos
                           ? outcome_from_line(line, source)
                           : outcome_from_line(std::string(line.substr(0, series)) + "}", source);
  if (!outcome) return outcome.error();
  return row_from(*outcome);
}

std::size_t SweepTable::known() const {
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(), [](const SweepRow& row) { return row.state != RowState::unknown; }));
}

std::string_view name_of(SweepMeasure measure) {
  switch (measure) {
    case SweepMeasure::steps_to_generalise:
      return "steps to generalise";
    case SweepMeasure::delay:
      return "delay in steps";
    case SweepMeasure::final_error:
      return "final test error";
    case SweepMeasure::phase:
      return "phase";
  }
  return "";
}

std::optional<SweepMeasure> sweep_measure(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(SweepMeasure::phase); ++i) {
    if (name_of(static_cast<SweepMeasure>(i)) == name) return static_cast<SweepMeasure>(i);
  }
  return std::nullopt;
}

double value_of(const SweepRow& row, SweepMeasure measure) {
  if (row.state == RowState::unknown || row.state == RowState::failed) return kNan;
  switch (measure) {
    case SweepMeasure::steps_to_generalise:
      return step_or_never(row.test_95);
    case SweepMeasure::delay:
      if (row.test_95 < 0 || row.train_99 < 0) return kInfinite;
      return static_cast<double>(std::max<std::int64_t>(row.test_95 - row.train_99, 0));
    case SweepMeasure::final_error:
      return std::isfinite(row.test_accuracy) ? 1.0 - static_cast<double>(row.test_accuracy) : kNan;
    case SweepMeasure::phase:
      return static_cast<double>(row.phase);
  }
  return kNan;
}

CellSummary summary_of(std::span<const SweepRow> cell, SweepMeasure measure) {
  CellSummary summary;
  std::vector<double> values;
  std::array<int, kPhases> of_phase{};
  std::size_t lost = 0;
  for (const SweepRow& row : cell) {
    if (row.state == RowState::unknown) continue;
    ++summary.known;
    lost += row.state == RowState::trained ? 0 : 1;
    if (row.state == RowState::trained) ++of_phase[static_cast<std::size_t>(row.phase)];
    const double value = value_of(row, measure);
    if (std::isnan(value)) continue;
    values.push_back(value);
    summary.never += std::isinf(value) ? 1 : 0;
    if (std::isinf(value)) continue;
    summary.low = std::isnan(summary.low) ? value : std::min(summary.low, value);
    summary.high = std::isnan(summary.high) ? value : std::max(summary.high, value);
  }
  const auto most = std::max_element(of_phase.begin(), of_phase.end());
  if (*most > 0) summary.phase = static_cast<LearningPhase>(most - of_phase.begin());
  const auto phases = std::count_if(of_phase.begin(), of_phase.end(), [](int count) { return count > 0; });
  summary.disagrees =
      measure == SweepMeasure::phase ? phases > 1 : summary.never > 0 && summary.never < values.size();
  summary.diverged = summary.known > 0 && 2 * lost >= summary.known;
  if (!values.empty()) summary.median = median_of(std::move(values));
  return summary;
}

std::optional<double> place_on(const SweepAxis& axis, const FieldValue& value) {
  const auto wanted = number_of(value);
  std::vector<double> places;
  for (const FieldValue& one : axis.values) {
    if (one == value) return static_cast<double>(&one - axis.values.data());
    if (const auto number = number_of(one)) places.push_back(*number);
  }
  if (!wanted || places.size() != axis.values.size() || places.size() < 2) return std::nullopt;
  const bool log = places.front() > 0.0 && places.back() >= 10.0 * places.front();
  const auto on_scale = [&](double number) { return log ? std::log(number) : number; };
  const auto above = std::lower_bound(places.begin(), places.end(), *wanted) - places.begin();
  const auto upper = std::clamp<std::ptrdiff_t>(above, 1, static_cast<std::ptrdiff_t>(places.size()) - 1);
  const double from = on_scale(places[static_cast<std::size_t>(upper - 1)]),
               to = on_scale(places[static_cast<std::size_t>(upper)]);
  const double at = static_cast<double>(upper - 1) + (on_scale(*wanted) - from) / (to - from);
  const double last = static_cast<double>(places.size()) - 1.0;
  if (!(at >= -0.5) || !(at <= last + 0.5)) return std::nullopt;
  return at;
}

}  // namespace grokscope
