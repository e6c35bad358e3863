// See study_words.h.
#include "theory/study_words.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace grokscope::theory {
namespace {

std::string x_text(double x) {
  return x == std::floor(x) && std::abs(x) < 1e15 ? grouped(static_cast<std::int64_t>(x)) : pretty(x, 3);
}

std::string y_text(const DescentWords& words, double y) {
  return words.percent ? percent(y, 1) : pretty(y, 3);
}

}  // namespace

std::vector<double> heights_of(const std::vector<StudyPoint>& points) {
  std::vector<double> y;
  y.reserve(points.size());
  for (const StudyPoint& point : points) y.push_back(point.y);
  return y;
}

std::vector<std::int64_t> spaced_in_decades(std::int64_t first, std::int64_t last, std::int64_t count) {
  std::vector<std::int64_t> places;
  for (std::int64_t i = 0; i < count; ++i) {
    const double share = count < 2 ? 0.0 : static_cast<double>(i) / static_cast<double>(count - 1);
    const double place =
        static_cast<double>(first) * std::pow(static_cast<double>(last) / static_cast<double>(first), share);
    places.push_back(std::clamp(static_cast<std::int64_t>(std::llround(place)), first, last));
  }
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

std::string sentence_of(const DescentWords& words, const std::vector<StudyPoint>& points,
                        const DescentShape& shape) {
  if (points.empty()) return {};
  const auto place = [&](std::size_t i) { return words.at + x_text(points[i].x); };
  const auto height = [&](std::size_t i) { return y_text(words, points[i].y); };
  const std::size_t last = points.size() - 1;
  const std::string so_far = words.unfinished ? " so far" : "";
  const auto to_peak = [&](const char* finite, const char* infinite) {
    const bool bounded = std::isfinite(points[shape.peak].y);
    return fmt::format("{}{}{}", bounded ? fmt::format("{} {} at ", finite, height(shape.peak)) : infinite,
                       place(shape.peak), words.threshold);
  };
  switch (shape.kind) {
    case Descent::flat:
      return fmt::format("{} stays at about {}: there is nothing to find here{}.", words.what, height(last),
                         so_far);
    case Descent::falling:
      return fmt::format("{} falls all the way, from {} at {} to {} at {}: there is no peak{}.", words.what,
                         height(0), place(0), height(last), place(last), so_far);
    case Descent::rising:
      return fmt::format("{} rises all the way, from {} at {} to {} at {}: there is no second descent{}.",
                         words.what, height(0), place(0), height(last), place(last), so_far);
    case Descent::single_minimum:
      return fmt::format(
          "{} falls to {} at {} and rises from there to {} at {}: there is no second descent{}.", words.what,
          height(shape.first_minimum), place(shape.first_minimum), height(last), place(last), so_far);
    case Descent::single_maximum:
      return fmt::format("{} rises from {} at {} {} and falls from there to {} at {}: {}.", words.what,
                         height(shape.first_minimum), place(shape.first_minimum),
                         to_peak("to", "without bound at "), height(shape.second_minimum),
                         place(shape.second_minimum),
                         shape.second_is_lower ? words.ends_lower : words.ends_higher);
    case Descent::twice:
      return fmt::format("{} falls to {} at {}, {}, and falls again to {} at {}: {}.", words.what,
                         height(shape.first_minimum), place(shape.first_minimum),
                         to_peak("peaks at", "grows without bound at "), height(shape.second_minimum),
                         place(shape.second_minimum),
                         shape.second_is_lower ? words.ends_lower : words.ends_higher);
    case Descent::other:
      break;
  }
  return fmt::format("{} turns more than once, and ends at {} at {}.", words.what, height(last), place(last));
}

std::vector<StudyNumber> numbers_of(const std::vector<StudyPoint>& points, const DescentShape& shape) {
  std::vector<StudyNumber> numbers;
  const auto add = [&](const char* name, std::size_t i) {
    numbers.push_back({std::string(name) + "_at", points[i].x});
    numbers.push_back({name, points[i].y});
  };
  const bool peaks = shape.kind == Descent::twice || shape.kind == Descent::single_maximum;
  if (peaks || shape.kind == Descent::single_minimum) add("first_minimum", shape.first_minimum);
  if (!peaks) return numbers;
  add("peak", shape.peak);
  add("second_minimum", shape.second_minimum);
  return numbers;
}

}  // namespace grokscope::theory
