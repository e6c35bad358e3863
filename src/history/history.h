// History: the record of one run that every chart and export reads: series, frames, events. Torch-free.
// Main thread is its only writer and reader.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/run_config.h"
#include "history/evaluation.h"
#include "history/event.h"
#include "history/frame.h"
#include "history/phase_detector.h"
#include "history/run_facts.h"
#include "history/series.h"
#include "history/stages.h"

namespace grokscope {

/// First evaluated step at which a level was reached; -1 if not (`first_step` of `run --json`).
struct FirstSteps {
  std::int64_t train_90 = -1, train_99 = -1, test_50 = -1, test_90 = -1, test_95 = -1, test_99 = -1;
};

class History {
 public:
  static constexpr std::size_t kFramesPerProbe = 160;
  static constexpr std::size_t kFrameBytesPerProbe = std::size_t{96}
                                                     << 20;  ///< thinned to fewer frames when larger

  explicit History(RunConfig config);

  /// What the task and the machine turned out to be. Phases that were found before are found anew with the
  /// chance level of these.
  void learn(RunFacts facts);
  /// nullopt until they are known.
  const std::optional<RunFacts>& facts() const { return facts_; }
  /// The share of right answers that guessing gives: the labels' majority share, or what the settings tell.
  double chance_level() const;

  /// Steps must increase: an evaluation that does not come after the last one is dropped.
  void append(const Evaluation& evaluation);
  /// The same for many at once, with a core for every few columns: a long record is opened.
  void append(std::span<const Evaluation> evaluations);
  /// The newest numbers of a training that stands still: seen as the last evaluation until the next one, or
  /// the next preview, comes in their place. No milestone is reached by them.
  void preview(const Evaluation& evaluation);
  void append(Event event);
  /// Keeps at most kFramesPerProbe frames a probe: thins evenly in log step when full; the first and newest
  /// stay. A frame of the same probe and step replaces the earlier one; an older step (a slow job) is put in
  /// its place.
  void append(FramePtr frame);
  /// What a probe measured, all of it, however few frames are kept: becomes the series "<probe>.<scalar>". A
  /// later look at the same step replaces the earlier one.
  void append(const ProbeScalars& look);
  /// The frame alone: its numbers are known already.
  void append_picture(FramePtr frame);

  /// At the start of the run; interventions.h has config_at().
  const RunConfig& config() const { return config_; }
  const Evaluation* last() const;  ///< nullptr before the first evaluation
  std::span<const Evaluation> evaluations() const { return evaluations_; }
  /// "train_loss" … from metric_columns(), or "<probe>.<scalar>"; nullptr if never recorded.
  const Series* series(std::string_view name) const;
  std::vector<std::string> series_names() const;
  std::span<const Event> events() const { return events_; }
  /// Newest frame of that probe with frame.step <= step; nullptr if none.
  FramePtr latest_at(std::string_view probe, std::int64_t step) const;
  std::vector<FramePtr> frames(std::string_view probe) const;
  std::vector<std::string> probes() const;  ///< that have frames, sorted
  /// The evaluation at or before the step.
  const Evaluation* evaluation_at(std::int64_t step) const;
  const FirstSteps& first_steps() const { return first_steps_; }
  /// See phases.h. Costs about as much as a thousand evaluations, however long the run.
  std::vector<PhaseSpan> phases_at(std::int64_t step) const;
  /// Lasting rises and falls, by a tenth at least, of test accuracy (as generalisation_of()).
  std::span<const Stage> accuracy_stages() const { return accuracy_stages_.stages(); }
  /// Those, by a tenth of the width at least, of the feature rank of the last hidden layer of an MLP.
  std::span<const Stage> rank_stages() const { return rank_stages_.stages(); }
  /// Grows with every append: charts and caches compare it to know whether to redraw.
  std::uint64_t generation() const { return generation_; }

 private:
  bool note(const Evaluation& evaluation);
  void note_rank(const ProbeScalars& look);
  void drop_preview();
  std::span<const Evaluation> settled() const;

  RunConfig config_;
  std::optional<RunFacts> facts_;
  std::vector<Evaluation> evaluations_;
  bool previews_ = false;                                    ///< the last of them is a preview
  std::vector<Series> metrics_;                              ///< (column of metric_columns())
  std::map<std::string, Series, std::less<>> probe_series_;  ///< "<probe>.<scalar>"
  std::vector<Event> events_;
  std::map<std::string, std::vector<FramePtr>, std::less<>> frames_;
  FirstSteps first_steps_;
  PhaseTrack phases_;
  StageDetector accuracy_stages_, rank_stages_;
  std::uint64_t generation_ = 0;
};

}  // namespace grokscope
