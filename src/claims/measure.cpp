#include "claims/measure.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/statistics.h"
#include "base/text.h"

namespace grokscope {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <typename Fits>
std::int64_t first_step(const History& history, std::string_view name, Fits fits) {
  const Series* series = history.series(name);
  for (std::size_t i = 0; series != nullptr && i < series->size(); ++i) {
    if (fits(series->at(i).y)) return static_cast<std::int64_t>(series->at(i).x);
  }
  return -1;
}

/// The finite sample that is better than all others; nothing found: y is NaN.
template <typename Better>
Sample best_sample(const History& history, std::string_view name, Better better) {
  Sample best{-1.0, kNan};
  const Series* series = history.series(name);
  for (std::size_t i = 0; series != nullptr && i < series->size(); ++i) {
    const Sample sample = series->at(i);
    if (std::isfinite(sample.y) && (std::isnan(best.y) || better(sample.y, best.y))) best = sample;
  }
  return best;
}

}  // namespace

std::int64_t first_at_least(const History& history, std::string_view series, double level) {
  return first_step(history, series, [level](double value) { return value >= level; });
}

std::int64_t first_at_most(const History& history, std::string_view series, double level) {
  return first_step(history, series, [level](double value) { return value <= level; });
}

double value_at(const History& history, std::string_view name, std::int64_t at_step) {
  const Series* series = history.series(name);
  if (series == nullptr) return kNan;
  const std::size_t index = series->latest_at(static_cast<double>(at_step));
  return index < series->size() ? series->at(index).y : kNan;
}

double last_of(const History& history, std::string_view name) {
  const Series* series = history.series(name);
  return series == nullptr || series->empty() ? kNan : series->at(series->size() - 1).y;
}

double best_generalisation(const History& history) {
  double best = kNan;
  for (const Evaluation& at : history.evaluations()) best = std::fmax(best, generalisation_of(at));
  return best;
}

double largest_of(const History& history, std::string_view series) {
  return best_sample(history, series, std::greater<>()).y;
}

double smallest_of(const History& history, std::string_view series) {
  return best_sample(history, series, std::less<>()).y;
}

std::int64_t step_of_largest(const History& history, std::string_view series) {
  return static_cast<std::int64_t>(best_sample(history, series, std::greater<>()).x);
}

double step_ratio(std::int64_t later, std::int64_t earlier) {
  if (earlier < 0) return kNan;
  if (later < 0) return std::numeric_limits<double>::infinity();
  return static_cast<double>(later) / static_cast<double>(std::max<std::int64_t>(earlier, 1));
}

double delay_of(const History& history) {
  return step_ratio(history.first_steps().test_95, history.first_steps().train_99);
}

std::string minima_and_peak(const std::optional<ErrorBump>& bump) {
  if (!bump) return "no rise of 2 points";
  return percent(bump->valley.y, 1) + ", " + percent(bump->peak.y, 1) + ", " + percent(bump->after.y, 1);
}

double median_with(std::vector<double> values, double undefined) {
  std::replace_if(
      values.begin(), values.end(), [](double value) { return std::isnan(value); }, undefined);
  return median_of(std::move(values));
}

double median_step(std::span<const TrainedRun> cell, std::int64_t FirstSteps::*level) {
  std::vector<double> steps;
  for (const TrainedRun& one : cell) {
    const std::int64_t step = one.history.first_steps().*level;
    steps.push_back(step < 0 ? std::numeric_limits<double>::infinity() : static_cast<double>(step));
  }
  return median_of(std::move(steps));
}

std::vector<std::span<const TrainedRun>> cells_of(std::span<const TrainedRun> trained, std::int64_t seeds) {
  std::vector<std::span<const TrainedRun>> cells;
  const auto size = static_cast<std::size_t>(seeds);
  for (std::size_t i = 0; i + size <= trained.size(); i += size) cells.push_back(trained.subspan(i, size));
  return cells;
}

std::string step_text(std::int64_t step) {
  return step < 0 ? "never" : grouped(step);
}

std::string ratio_text(double ratio) {
  if (std::isnan(ratio)) return "undefined";
  return std::isinf(ratio) ? "never" : pretty(ratio);
}

std::string ratio_texts(const std::vector<double>& ratios) {
  std::vector<std::string> texts;
  texts.reserve(ratios.size());
  for (const double ratio : ratios) texts.push_back(ratio_text(ratio));
  return joined(texts);
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : std::string(between)) + part;
  return text;
}

void require(Judgement& judgement, bool fine, const std::string& otherwise) {
  if (fine) return;
  judgement.explanation += (judgement.explanation.empty() ? "" : "; ") + otherwise;
  judgement.holds = false;
}

}  // namespace grokscope
