#include "history/descent.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "theory/curve_shape.h"
#include "theory/study_words.h"

namespace grokscope {
namespace {

std::vector<Sample> finite_of(std::span<const Sample> errors) {
  std::vector<Sample> finite;
  for (const Sample& one : errors) {
    if (std::isfinite(one.x) && std::isfinite(one.y)) finite.push_back(one);
  }
  return finite;
}

std::vector<double> heights_of(std::span<const Sample> samples) {
  std::vector<double> heights;
  heights.reserve(samples.size());
  for (const Sample& one : samples) heights.push_back(one.y);
  return heights;
}

}  // namespace

std::vector<Sample> errors_of(const Series* accuracy, double until) {
  std::vector<Sample> errors;
  for (std::size_t i = 0; accuracy != nullptr && i < accuracy->size() && accuracy->at(i).x <= until; ++i)
    errors.push_back({accuracy->at(i).x, 1.0 - accuracy->at(i).y});
  return errors;
}

std::optional<ErrorBump> largest_bump(std::span<const Sample> errors, double least) {
  const std::vector<Sample> finite = finite_of(errors);
  const theory::DescentShape shape = theory::descent_of(heights_of(finite), least);
  if (!shape.rises()) return std::nullopt;
  return ErrorBump{finite[shape.first_minimum], finite[shape.peak], finite[shape.second_minimum]};
}

double largest_rise(std::span<const Sample> errors) {
  double lowest = std::numeric_limits<double>::infinity(), most = 0.0;
  for (const Sample& one : finite_of(errors)) {
    lowest = std::min(lowest, one.y);
    most = std::max(most, one.y - lowest);
  }
  return most;
}

bool is_double_descent(std::span<const Sample> errors, double least) {
  return theory::descent_of(heights_of(finite_of(errors)), least).kind == theory::Descent::twice;
}

std::vector<Sample> smoothed(std::span<const Sample> errors, std::size_t reach) {
  const std::vector<Sample> finite = finite_of(errors);
  std::vector<Sample> smooth(finite.size());
  for (std::size_t i = 0; i < finite.size(); ++i) {
    const std::size_t some = std::min({reach, i, finite.size() - 1 - i});  // as many on either side
    double sum = 0.0;
    for (std::size_t k = i - some; k <= i + some; ++k) sum += finite[k].y;
    smooth[i] = {finite[i].x, sum / static_cast<double>(2 * some + 1)};
  }
  return smooth;
}

std::optional<double> falls_to(std::span<const Sample> errors, double level, bool log_x) {
  const std::vector<Sample> finite = finite_of(errors);
  for (std::size_t i = 1; i < finite.size(); ++i) {
    const Sample &before = finite[i - 1], &now = finite[i];
    if (!(before.y > level) || !(now.y <= level)) continue;
    const double share = (before.y - level) / (before.y - now.y);
    if (log_x && before.x > 0.0)
      return std::exp(std::log(before.x) + share * (std::log(now.x) - std::log(before.x)));
    return before.x + share * (now.x - before.x);
  }
  return std::nullopt;
}

std::string descent_sentence(std::span<const Sample> errors, std::string place, bool unfinished) {
  std::vector<theory::StudyPoint> points;
  for (const Sample& one : finite_of(errors)) points.push_back({one.x, one.y});
  if (points.size() < 3) return unfinished ? "Too little is known yet to tell a shape." : "";
  const theory::DescentWords words{.what = "Test error",
                                   .at = std::move(place),
                                   .threshold = "",
                                   .ends_lower = "lower than before",
                                   .ends_higher = "not lower than before",
                                   .percent = true,
                                   .unfinished = unfinished};
  return theory::sentence_of(words, points, theory::descent_of(theory::heights_of(points), kLeastDescent));
}

}  // namespace grokscope
