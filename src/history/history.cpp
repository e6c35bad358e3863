// History: appends in order, keeps frames few and evenly spread in log step.
#include "history/history.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <utility>

#include "config/task_kinds.h"

#include "base/threads.h"
#include "history/interventions.h"

namespace grokscope {

namespace {

constexpr std::size_t kEvaluationsWorthAThread = 50'000;
constexpr double kLeastStage = 0.1;  // of the whole scale

struct StepBefore {
  bool operator()(std::int64_t step, const FramePtr& frame) const { return step < frame->step; }
  bool operator()(std::int64_t step, const Evaluation& evaluation) const { return step < evaluation.step; }
};

/// Removes the frame between the two neighbours that are closest in log step: what is left stays evenly
/// spread.
void drop_most_crowded(std::vector<FramePtr>& frames) {
  std::size_t crowded = 1;
  double smallest_gap = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i + 1 < frames.size(); ++i) {
    const double gap = std::log1p(static_cast<double>(frames[i + 1]->step)) -
                       std::log1p(static_cast<double>(frames[i - 1]->step));
    if (gap < smallest_gap) {
      smallest_gap = gap;
      crowded = i;
    }
  }
  frames.erase(frames.begin() + static_cast<std::ptrdiff_t>(crowded));
}

void thin(std::vector<FramePtr>& frames) {
  constexpr std::size_t kFewest = 8;
  std::size_t bytes = 0;
  for (const FramePtr& frame : frames) bytes += bytes_of(*frame);
  while (frames.size() > History::kFramesPerProbe ||
         (bytes > History::kFrameBytesPerProbe && frames.size() > kFewest)) {
    drop_most_crowded(frames);
    bytes = 0;
    for (const FramePtr& frame : frames) bytes += bytes_of(*frame);
  }
}

void note_first(std::int64_t& first, double value, double level, std::int64_t step) {
  if (first < 0 && value >= level) first = step;
}

}  // namespace

std::size_t bytes_of(const Frame& frame) {
  std::size_t bytes = sizeof(Frame);
  for (const auto& [name, array] : frame.arrays) bytes += array.values.size() * sizeof(float) + 128;
  for (const auto& [name, text] : frame.texts) bytes += text.size() + 128;
  return bytes + frame.scalars.size() * 128;
}

History::History(RunConfig config)
    : config_(std::move(config)),
      metrics_(metric_columns().size()),
      phases_(chance_level()),
      accuracy_stages_(kLeastStage),
      rank_stages_(kLeastStage * static_cast<double>(config_.model.width)) {}

double History::chance_level() const {
  return facts_ ? facts_->majority_share : chance_from_settings(config_.task);
}

void History::learn(RunFacts facts) {
  facts_ = std::move(facts);
  phases_.expect(chance_level(), settled());
  ++generation_;
}

void History::append(std::span<const Evaluation> evaluations) {
  drop_preview();
  const std::size_t before = evaluations_.size();
  evaluations_.reserve(before + evaluations.size());
  for (const Evaluation& evaluation : evaluations) note(evaluation);
  const auto added = std::span(evaluations_).subspan(before);
  std::atomic<std::size_t> next{0};
  const auto fill = [&] {
    for (std::size_t i = next++; i < metrics_.size(); i = next++) {
      metrics_[i].reserve(evaluations_.size());
      for (const Evaluation& e : added) {
        metrics_[i].append(static_cast<double>(e.step), metric_columns()[i].get(e));
      }
    }
  };
  const std::size_t cores = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 8);
  std::vector<std::jthread> helpers;
  if (added.size() >= kEvaluationsWorthAThread) {
    while (helpers.size() + 1 < cores) {
      auto helper = start_thread("history", fill);
      if (!helper) break;  // fewer do it as well
      helpers.push_back(std::move(*helper));
    }
  }
  fill();
}

void History::append(const Evaluation& evaluation) {
  drop_preview();
  if (!note(evaluation)) return;
  const double step = static_cast<double>(evaluation.step);
  for (std::size_t i = 0; i < metrics_.size(); ++i)
    metrics_[i].append(step, metric_columns()[i].get(evaluation));
}

void History::preview(const Evaluation& evaluation) {
  drop_preview();
  if (!evaluations_.empty() && evaluation.step <= evaluations_.back().step) return;
  evaluations_.push_back(evaluation);
  for (std::size_t i = 0; i < metrics_.size(); ++i)
    metrics_[i].append(static_cast<double>(evaluation.step), metric_columns()[i].get(evaluation));
  previews_ = true;
  ++generation_;
}

void History::drop_preview() {
  if (!previews_) return;
  for (Series& metric : metrics_) metric.erase(static_cast<double>(evaluations_.back().step));
  evaluations_.pop_back();
  previews_ = false;
  ++generation_;
}

std::span<const Evaluation> History::settled() const {
  return std::span(evaluations_).first(evaluations_.size() - (previews_ ? 1 : 0));
}

/// Everything but the series. False: it does not come after the last one.
bool History::note(const Evaluation& evaluation) {
  if (!evaluations_.empty() && evaluation.step <= evaluations_.back().step) return false;
  evaluations_.push_back(evaluation);
  const double generalisation = generalisation_of(evaluation);
  note_first(first_steps_.train_90, evaluation.train_accuracy, 0.90, evaluation.step);
  note_first(first_steps_.train_99, evaluation.train_accuracy, 0.99, evaluation.step);
  note_first(first_steps_.test_50, generalisation, 0.50, evaluation.step);
  note_first(first_steps_.test_90, generalisation, 0.90, evaluation.step);
  note_first(first_steps_.test_95, generalisation, 0.95, evaluation.step);
  note_first(first_steps_.test_99, generalisation, 0.99, evaluation.step);
  phases_.advance(evaluations_);
  accuracy_stages_.see(evaluation.step, generalisation);
  ++generation_;
  return true;
}

void History::append(Event event) {
  if (subject_of(event).starts_with("task.")) phases_.task_changed(event.step, settled());
  events_.push_back(std::move(event));
  ++generation_;
}

void History::append(const ProbeScalars& look) {
  const double step = static_cast<double>(look.step);
  const std::string prefix = look.probe + ".";
  ++generation_;
  // A look at a step that was looked at before replaces all that was seen then.
  for (auto it = probe_series_.lower_bound(prefix);
       it != probe_series_.end() && it->first.starts_with(prefix);) {
    Series& series = it->second;
    const bool looked_later = !series.empty() && series.x().back() >= step;
    if (looked_later && !look.scalars.contains(it->first.substr(prefix.size()))) series.erase(step);
    it = series.empty() ? probe_series_.erase(it) : std::next(it);
  }
  for (const auto& [name, value] : look.scalars) probe_series_[prefix + name].put(step, value);
  note_rank(look);
}

void History::note_rank(const ProbeScalars& look) {
  if (look.probe != "layers" || config_.model.kind != "mlp") return;
  const auto rank = look.scalars.find("hidden." + std::to_string(config_.model.depth) + ".rank");
  if (rank != look.scalars.end()) rank_stages_.see(look.step, rank->second);
}

void History::append(FramePtr frame) {
  if (frame == nullptr) return;
  append(scalars_of(*frame));
  append_picture(std::move(frame));
}

void History::append_picture(FramePtr frame) {
  if (frame == nullptr) return;
  std::vector<FramePtr>& frames = frames_[frame->probe];
  const auto after = std::upper_bound(frames.begin(), frames.end(), frame->step, StepBefore{});
  ++generation_;
  if (after != frames.begin() && (*(after - 1))->step == frame->step) {
    *(after - 1) = std::move(frame);
    return;
  }
  frames.insert(after, std::move(frame));
  thin(frames);
}

const Evaluation* History::last() const {
  return evaluations_.empty() ? nullptr : &evaluations_.back();
}

const Series* History::series(std::string_view name) const {
  const auto columns = metric_columns();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return evaluations_.empty() ? nullptr : &metrics_[i];
  }
  const auto found = probe_series_.find(name);
  return found == probe_series_.end() ? nullptr : &found->second;
}

std::vector<std::string> History::series_names() const {
  std::vector<std::string> names;
  names.reserve(metrics_.size() + probe_series_.size());
  if (!evaluations_.empty()) {
    for (const MetricColumn& column : metric_columns()) names.emplace_back(column.name);
  }
  for (const auto& [name, series] : probe_series_) names.push_back(name);
  return names;
}

FramePtr History::latest_at(std::string_view probe, std::int64_t step) const {
  const auto found = frames_.find(probe);
  if (found == frames_.end()) return nullptr;
  const auto after = std::upper_bound(found->second.begin(), found->second.end(), step, StepBefore{});
  return after == found->second.begin() ? nullptr : *(after - 1);
}

std::vector<FramePtr> History::frames(std::string_view probe) const {
  const auto found = frames_.find(probe);
  return found == frames_.end() ? std::vector<FramePtr>{} : found->second;
}

std::vector<std::string> History::probes() const {
  std::vector<std::string> names;
  for (const auto& [probe, frames] : frames_) names.push_back(probe);
  return names;
}

std::vector<PhaseSpan> History::phases_at(std::int64_t step) const {
  std::int64_t diverged_step = -1;
  for (const Event& event : events_) {
    const auto reason = event.detail.find("reason");
    if (diverged_step < 0 && event.kind == "stopped" && event.step <= step && reason != event.detail.end() &&
        *reason == "diverged") {
      diverged_step = event.step;
    }
  }
  return phases_.spans_at(step, diverged_step, evaluations_);
}

const Evaluation* History::evaluation_at(std::int64_t step) const {
  const auto after = std::upper_bound(evaluations_.begin(), evaluations_.end(), step, StepBefore{});
  return after == evaluations_.begin() ? nullptr : &*(after - 1);
}

}  // namespace grokscope
