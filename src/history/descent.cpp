#include "history/descent.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace grokscope {
namespace {

std::vector<Sample> finite_of(std::span<const Sample> errors) {
  std::vector<Sample> finite;
  for (const Sample& one : errors) {
    if (std::isfinite(one.x) && std::isfinite(one.y)) finite.push_back(one);
  }
  return finite;
}

const Sample& lowest_of(std::span<const Sample> samples) {
  return *std::min_element(samples.begin(), samples.end(),
                           [](const Sample& a, const Sample& b) { return a.y < b.y; });
}

/// The largest rise of all, with the lowest that comes behind it.
std::optional<ErrorBump> largest_rise(std::span<const Sample> finite, double least) {
  std::optional<ErrorBump> best;
  std::size_t valley = 0, peak_at = 0;
  for (std::size_t i = 0; i < finite.size(); ++i) {
    if (finite[i].y < finite[valley].y) valley = i;
    const double rise = finite[i].y - finite[valley].y;
    if (rise < least || (best && rise <= best->rise())) continue;
    best = ErrorBump{finite[valley], finite[i], finite[i]};
    peak_at = i;
  }
  if (best) best->after = lowest_of(finite.subspan(peak_at));
  return best;
}

}  // namespace

std::optional<ErrorBump> largest_bump(std::span<const Sample> errors, double least) {
  const std::vector<Sample> finite = finite_of(errors);
  const auto all = largest_rise(finite, least);
  if (!all || all->fall() >= least) return all;
  // A rise at the very end is larger than the bump before it: the bump is what was asked for.
  const auto peak =
      std::find_if(finite.begin(), finite.end(), [&](const Sample& one) { return one.x == all->peak.x; });
  for (auto end = peak; end != finite.begin(); --end) {
    const auto earlier = largest_rise(std::span(finite.begin(), end), least);
    if (!earlier) break;
    if (earlier->fall() >= least) return earlier;
  }
  return all;
}

bool is_double_descent(std::span<const Sample> errors, double least) {
  const std::vector<Sample> finite = finite_of(errors);
  const auto bump = largest_bump(finite, least);
  return bump && bump->fall() >= least && finite.front().y - bump->valley.y >= least;
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

std::string descent_sentence(std::span<const Sample> errors, std::string (*at)(double x), bool unfinished) {
  const std::vector<Sample> finite = finite_of(errors);
  if (finite.size() < 3) return unfinished ? "Too little is known yet to tell a shape." : "";
  const auto words = [&](const Sample& one) { return percent(one.y, 1) + " at " + at(one.x); };
  const auto bump = largest_bump(finite);
  const Sample &first = finite.front(), &last = finite.back(), &lowest = lowest_of(finite);
  const std::string so_far = unfinished ? " so far" : "";
  if (!bump) {
    if (first.y - lowest.y < kLeastDescent)
      return "Test error hardly changes" + so_far + ": " + words(last) + ".";
    return "Test error only falls" + so_far + ", to " + words(lowest) + ": no double descent here" +
           (unfinished ? " yet." : ".");
  }
  const bool fell = first.y - bump->valley.y >= kLeastDescent;
  std::string text = fell ? "Test error falls to " + words(bump->valley) + ", rises to " + words(bump->peak)
                          : "Test error rises from " + words(bump->valley) + " to " + words(bump->peak);
  if (bump->fall() < kLeastDescent) return text + ", and has not fallen again" + so_far + ".";
  text += " and falls again to " + words(bump->after);
  if (bump->after.y < bump->valley.y - kLeastDescent / 2.0) return text + ", lower than before.";
  return text + (bump->after.y > bump->valley.y + kLeastDescent / 2.0 ? ", but not as low as before."
                                                                      : ", about as low as before.");
}

}  // namespace grokscope
