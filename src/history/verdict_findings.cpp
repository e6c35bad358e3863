#include "history/verdict_findings.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "base/text.h"
#include "history/descent.h"
#include "history/forecast.h"

namespace grokscope {

namespace {

constexpr std::size_t kDescentReach = 3;       // evaluations on either side of a smooth curve
constexpr std::size_t kMostOfADescent = 2000;  // evaluations looked at: asked for once a picture

/// Of runs whose labels are partly wrong; the test error up to the step, smoothed.
std::string about_descent(const History& history, std::int64_t step) {
  if (!(history.config().task.label_noise > 0.0)) return "";
  const std::span<const Evaluation> all = history.evaluations();
  const std::size_t stride = all.size() / kMostOfADescent + 1;
  std::vector<Sample> errors;
  for (std::size_t i = 0; i < all.size() && all[i].step <= step; i += stride)
    errors.push_back({static_cast<double>(all[i].step), 1.0 - all[i].test_accuracy});
  const std::vector<Sample> smooth = smoothed(errors, kDescentReach);
  const auto bump = largest_bump(smooth);
  if (!bump || smooth.front().y - bump->valley.y < kLeastDescent) return "";
  const std::string up = percent(bump->valley.y, 1) + " to " + percent(bump->peak.y, 1);
  if (bump->fall() < kLeastDescent) return " Its test error has risen again, from " + up + ".";
  return " Double descent: its test error fell, rose again from " + up +
         ", and has fallen a second time, to " + percent(bump->after.y, 1) + ".";
}

/// Nothing where it rose once, or fell in between.
std::string about_stages(const History& history, std::int64_t step) {
  const std::vector<Stage> stages = stages_known_at(history.accuracy_stages(), step);
  const bool fell =
      std::any_of(stages.begin(), stages.end(), [](const Stage& stage) { return !stage.rises; });
  if (stages.size() < 2 || fell) return "";
  const char* const kNumbers[] = {"two", "three", "four"};
  const std::size_t more = stages.size() - 2;
  std::string text = " Test accuracy rose in " +
                     (more < std::size(kNumbers) ? kNumbers[more] : std::to_string(stages.size())) +
                     " stages:";
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const Stage& stage = stages[i];
    const bool last = i + 1 == stages.size();
    text += (i == 0 ? ""
             : last ? ", and"
                    : ",") +
            std::string(stage.end_step < 0 ? " up to " : " to ") +
            share_text(stage.to) +  // it may be less just now
            (stage.end_step < 0 ? " since step " + grouped(stage.begin_step)
                                : " by step " + grouped(stage.end_step));
  }
  return text + ".";
}

/// What the features did last, where that is seen layer by layer.
std::string about_rank(const History& history, std::int64_t step) {
  const std::vector<Stage> stages = stages_known_at(history.rank_stages(), step);
  if (stages.empty()) return "";
  const Stage& last = stages.back();
  const bool goes_on = last.end_step < 0;
  const char* const moved = last.rises ? (goes_on ? "has risen" : "rose") : goes_on ? "has fallen" : "fell";
  return std::string(" The feature rank of its last hidden layer ") + moved + " from " +
         pretty(last.from, 3) + " to " + pretty(last.to, 3) +
         (goes_on ? " since step " + grouped(last.begin_step)
                  : " between steps " + grouped(last.begin_step) + " and " + grouped(last.end_step)) +
         ".";
}

/// While it waits: when it will have generalised, and how often that was right.
std::string about_the_forecast(const History& history, std::int64_t step) {
  const auto forecast = recorded_forecast(history, step);
  if (!forecast || generalised_step(history, step) >= 0) return "";
  const std::string span =
      "between steps " + grouped(forecast->from_step) + " and " + grouped(forecast->to_step);
  if (step > forecast->to_step)
    return " It was forecast to generalise " + span + ", and has not: that forecast was wrong.";
  const int made = forecast->record.made();
  return " Forecast: it generalises " + span +
         (made > 0 ? " (right in " + std::to_string(forecast->record.right) + " of " + std::to_string(made) +
                         " runs like this one)."
                   : " (no such forecast has been tried yet).");
}

}  // namespace

/// "64 %", "99.6 %"; never rounds up to 100 %.
std::string share_text(double share) {
  if (!std::isfinite(share)) return "none";
  const int decimals = share > 0.99 && share < 1.0 ? 1 : 0;
  return percent(share >= 1.0 ? 1.0 : std::min(share, 0.999), decimals);
}

std::string findings_in_words(const History& history, std::int64_t step) {
  return about_descent(history, step) + about_stages(history, step) + about_rank(history, step) +
         about_the_forecast(history, step);
}

}  // namespace grokscope
