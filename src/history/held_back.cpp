#include "history/held_back.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "config/task_kinds.h"
#include "history/verdict_findings.h"

namespace grokscope {

namespace {

constexpr double kLearned = 0.95;      // of the training examples
constexpr double kGeneralised = 0.95;  // of the test examples
constexpr double kGap = 0.05;          // between what the features allow and what the network answers
constexpr double kWorse = 0.02;        // of accuracy, and
constexpr double kMoreNeeded = 0.03;   // of dimensions, as a share, since a third of the steps ago
constexpr double kWindow = 1.5;        // that many times fewer steps
constexpr double kMoved = 0.1;         // of the network's accuracy since the look: it says nothing about now

double last_value(const History& history, std::string_view name, std::int64_t step) {
  const Series* series = history.series(name);
  if (series == nullptr) return std::numeric_limits<double>::quiet_NaN();
  const std::size_t at = series->latest_at(static_cast<double>(step));
  return at < series->size() ? series->at(at).y : std::numeric_limits<double>::quiet_NaN();
}

/// The step of the newest look at the read-outs; -1: none.
std::int64_t look_step(const History& history, std::int64_t step) {
  const Series* series = history.series("layers.readout_gap");
  const std::size_t at = series == nullptr ? 0 : series->latest_at(static_cast<double>(step));
  return series == nullptr || at >= series->size() ? -1 : static_cast<std::int64_t>(series->at(at).x);
}

/// It was made before the training examples were learned, or the network answers otherwise by now.
bool is_stale(const History& history, const Evaluation& now, std::int64_t look) {
  const Evaluation* then = history.evaluation_at(look);
  return then == nullptr || then->train_accuracy < kLearned ||
         std::abs(generalisation_of(now) - generalisation_of(*then)) > kMoved;
}

/// Falling accuracy of the read-out and a rising critical dimension (signature 2 of the paper).
bool gets_worse(const History& history, std::int64_t step, double probe) {
  const auto before = static_cast<std::int64_t>(static_cast<double>(step) / kWindow);
  const double probe_before = last_value(history, "layers.best_probe_test", before);
  const double needed = last_value(history, "geometry.critical_dimension_test", step);
  const double needed_before = last_value(history, "geometry.critical_dimension_test", before);
  return probe <= probe_before - kWorse && needed >= (1.0 + kMoreNeeded) * needed_before;
}

}  // namespace

std::string_view name_of(HeldBackBy by) {
  switch (by) {
    case HeldBackBy::unknown:
      return "unknown";
    case HeldBackBy::still_learning:
      return "still_learning";
    case HeldBackBy::representation:
      return "representation";
    case HeldBackBy::degradation:
      return "degradation";
    case HeldBackBy::readout:
      return "readout";
    case HeldBackBy::nothing:
      return "nothing";
  }
  return "";
}

HeldBack held_back_at(const History& history, std::int64_t step) {
  const Evaluation* now = history.evaluation_at(step);
  const double probe = last_value(history, "layers.best_probe_test", step);
  const double gap = last_value(history, "layers.readout_gap", step);
  if (now == nullptr || !std::isfinite(probe) || !std::isfinite(gap))
    return {HeldBackBy::unknown, "not known here: no linear read-out of its features has been measured"};
  const std::string noun(task_kind_of(history.config().task).noun);
  const double answers = probe - gap;  // of the network, at the same look
  if (generalisation_of(*now) >= kGeneralised)
    return {HeldBackBy::nothing, "held back by nothing: it answers " + share_text(generalisation_of(*now)) +
                                     " of the test " + noun};
  if (now->train_accuracy < kLearned)
    return {HeldBackBy::still_learning,
            "still learning: " + share_text(now->train_accuracy) + " of the training " + noun + " are right"};
  const std::int64_t look = look_step(history, step);
  if (is_stale(history, *now, look))
    return {HeldBackBy::unknown,
            "not known now: the last look at its features, at step " + grouped(look) + ", is too old"};
  const std::string both = "a linear read-out of them is right on " + share_text(probe) + " of the test " +
                           noun + ", the network on " + share_text(answers);
  if (gap >= kGap) return {HeldBackBy::readout, "held back by its readout, not its features: " + both};
  if (gets_worse(history, step, probe))
    return {HeldBackBy::degradation, "held back by its features, which get worse: " + both};
  return {HeldBackBy::representation, "held back by its features: " + both};
}

}  // namespace grokscope
