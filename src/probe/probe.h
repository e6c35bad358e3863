// A probe is a pure function (model, weights, data) -> Frame, in one file, with one line in probe_names.h. It
// runs on the jobs thread, on copies taken between two steps.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contract/probe_names.h"
#include "data/dataset.h"
#include "data/split.h"
#include "history/frame.h"
#include "model/model.h"

namespace grokscope {

/// Mean loss and accuracy on examples that are trained on (labels as trained) and on test examples.
struct WeightScores {
  double train_loss, train_accuracy, test_loss, test_accuracy;
};
using ScoreWeights = std::function<WeightScores(const at::Tensor& flat)>;

/// The weights of a step, and what the model keeps beside them.
struct Moment {
  at::Tensor flat;     ///< (total); undefined: there is no such moment
  at::Tensor buffers;  ///< undefined: the model keeps nothing
  std::int64_t step = 0;
};

struct ProbeInput {
  std::shared_ptr<const Model> model;  ///< nullptr: the torch side makes it of config and data
  std::shared_ptr<const Dataset> data;
  std::shared_ptr<const Split> split;  ///< a copy: never the trainer's own
  RunConfig config;                    ///< as it is at this step (interventions applied)
  at::Tensor flat;                     ///< (total) a copy, float32 or float64
  at::Tensor buffers;  ///< a copy of what the model keeps beside its weights; may be undefined
  at::Tensor logits;   ///< (example, class) of all examples at this step, as flat; may be undefined
  std::int64_t step = 0;
  Moment start;     ///< step 0 of this run, wherever it was continued; may be undefined
  Moment previous;  ///< of this probe's previous look, if it compares_looks(); may be undefined
  std::uint64_t seed = 0;
  const std::atomic<bool>* cancelled = nullptr;  ///< looked at between units of work; may be nullptr
  /// A fast way to score many weights on fixed examples, if there is one: indices (n) of the two classes.
  std::function<ScoreWeights(const at::Tensor& train, const at::Tensor& test)> make_scorer;
};

inline Moment moment_of(const ProbeInput& input) {
  return {input.flat, input.buffers, input.step};
}

struct Probe {
  std::string_view name;  ///< "fourier"
  Frame (*look)(const ProbeInput& input);
};

/// Runs a probe; a probe that throws gives a frame that says so instead.
Frame look_with(const Probe& probe, const ProbeInput& input);

/// The frame of a probe that could not look.
inline Frame failed_look(std::string_view probe, std::int64_t step, std::string_view why) {
  Frame frame;
  frame.not_applicable = "This could not be computed here: " + std::string(why.substr(0, why.find('\n')));
  frame.probe = probe;
  frame.step = step;
  return frame;
}

/// The function of every probe; its file says what the frame holds.
#define GROKSCOPE_LOOK(name, guess_s, kind) Frame look_at_##name(const ProbeInput& input);
GROKSCOPE_PROBES(GROKSCOPE_LOOK)
#undef GROKSCOPE_LOOK

/// All probes, in the order of probe_names.h.
std::span<const Probe> probes();

}  // namespace grokscope
