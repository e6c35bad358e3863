#include "session/findings.h"

#include <cmath>
#include <utility>

#include "history/forecast.h"

namespace grokscope {

namespace {

constexpr const char *kAccuracy = "test_accuracy", *kRank = "rank";

std::size_t size_of(const Series* series) {
  return series == nullptr ? 0 : series->size();
}

bool is_of(const Event& event, const char* key, const char* value) {
  const auto found = event.detail.find(key);
  return found != event.detail.end() && *found == value;
}

Json detail_of(const char* of, const Stage& stage, std::size_t number) {
  return {{"of", of},
          {"change", stage.rises ? "rise" : "fall"},
          {"number", number},
          {"begin", stage.begin_step},
          {"from", stage.from}};
}

/// The first look since it had memorised that is below the published threshold after one above it; -1: none.
std::int64_t entropy_crossing(const History& history) {
  const Series* entropy = history.series("entropy.spectral");
  const std::int64_t memorised = history.first_steps().train_99;
  if (entropy == nullptr || memorised < 0) return -1;
  bool above = false;
  for (std::size_t i = 0; i < entropy->size(); ++i) {
    const auto [step, value] = entropy->at(i);
    if (step < static_cast<double>(memorised) || !std::isfinite(value)) continue;
    if (above && value < kPublishedEntropy) return static_cast<std::int64_t>(step);
    above = value >= kPublishedEntropy;
  }
  return -1;
}

}  // namespace

Findings::Findings(const History& history, std::shared_ptr<const Calibration> calibration)
    : calibration_(std::move(calibration)) {
  for (const Event& event : history.events()) {
    Told& told = is_of(event, "of", kRank) ? rank_ : accuracy_;
    told.begun += event.kind == "stage" ? 1 : 0;
    told.over += event.kind == "stage_over" ? 1 : 0;
    warned_entropy_ |= event.kind == "warning" && is_of(event, "measure", "entropy");
    warned_defect_ |= event.kind == "warning" && is_of(event, "measure", "commutator");
    forecast_told_ |= event.kind == "forecast" || event.kind == "no_forecast";
  }
}

std::vector<Event> Findings::news(const History& history) {
  std::vector<Event> events;
  tell_stages(kAccuracy, history.accuracy_stages(), accuracy_, events);
  tell_stages(kRank, history.rank_stages(), rank_, events);
  const std::size_t looks =
      size_of(history.series("entropy.spectral")) + size_of(history.series("commutator.defect"));
  if (looks == looks_) return events;
  looks_ = looks;
  tell_warnings(history, events);
  tell_forecast(history, events);
  return events;
}

void Findings::tell_stages(const char* of, std::span<const Stage> stages, Told& told,
                           std::vector<Event>& events) {
  const auto tell_end = [&] {
    const Stage& stage = stages[told.over];
    Json detail = detail_of(of, stage, ++told.over);
    detail["end"] = stage.end_step;
    detail["to"] = stage.to;
    events.push_back({stage.closed_step, "stage_over", std::move(detail)});
  };
  while (told.begun < stages.size()) {
    while (told.over < told.begun) tell_end();  // in the order in which they were known
    const Stage& stage = stages[told.begun];
    events.push_back({stage.known_step, "stage", detail_of(of, stage, ++told.begun)});
  }
  while (told.over < stages.size() && stages[told.over].closed_step >= 0) tell_end();
}

void Findings::tell_warnings(const History& history, std::vector<Event>& events) {
  if (const std::int64_t step = warned_entropy_ ? -1 : entropy_crossing(history); step >= 0) {
    warned_entropy_ = true;
    events.push_back({step, "warning", {{"measure", "entropy"}, {"threshold", kPublishedEntropy}}});
  }
  const Evaluation* last = history.last();
  if (warned_defect_ || last == nullptr) return;
  if (const std::int64_t step = defect_onset(history, last->step); step >= 0) {
    warned_defect_ = true;
    events.push_back({step,
                      "warning",
                      {{"measure", "commutator"},
                       {"threshold", std::max(kDefectFloor, kDefectFactor * defect_baseline(history))},
                       {"baseline", defect_baseline(history)}}});
  }
}

void Findings::tell_forecast(const History& history, std::vector<Event>& events) {
  const Evaluation* last = history.last();
  if (calibration_ == nullptr || forecast_told_ || last == nullptr) return;
  const auto ground = forecast_ground(history, last->step);
  if (!ground) return;
  forecast_told_ = true;
  const auto forecast = forecast_from(*ground, history, *calibration_);
  events.push_back(forecast ? event_of(*forecast) : event_of_none(ground->step, forecast.error().message));
}

}  // namespace grokscope
