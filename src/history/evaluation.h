// Evaluation: the numbers of one line of metrics.jsonl. Torch-free; crosses from the trainer to the main
// thread by value.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace grokscope {

/// The state after `step` updates. Losses are means per example in nats (cross-entropy) or mean squared
/// error; accuracies are shares in 0..1; a class without members gives NaN (written as null).
struct Evaluation {
  static constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  std::int64_t step = 0;
  double elapsed_s = 0.0;  ///< training time since start, pauses excluded; not part of a replay's comparison
  double train_loss = kNan;
  double test_loss = kNan;
  double train_accuracy = kNan;
  double test_accuracy = kNan;
  /// Of the test pairs (a, b) whose mirror (b, a) never was trained on. NaN where that has no meaning: the
  /// order matters, both orders are always on one side (task.split), or the examples are no pairs.
  double unmirrored_test_accuracy = kNan;
  double formerly_trained_loss = kNan;
  double formerly_trained_accuracy = kNan;
  double weight_norm = kNan;  ///< L2 norm of all parameters
  double learning_rate = kNan;
  double weight_decay = kNan;
  std::int64_t train_count = 0;
  std::int64_t test_count = 0;
  std::int64_t formerly_trained_count = 0;  ///< once trained on, not now; never counted as test
};

/// What milestones, phases and verdicts go by: a pair whose mirror is trained on comes free to a network that
/// has only memorised, so it does not count where the two can be told apart.
double generalisation_of(const Evaluation& evaluation);

/// What of it a run cannot go on with: "the training loss is not a number", "the weight norm is infinite",
/// and, for a finite one that a run was ended for all the same, "the training loss grew to 1e30".
std::string why_diverged(const Evaluation& evaluation);

/// One column of metrics.jsonl, CSV and the history, from one table.
struct MetricColumn {
  std::string_view name;   ///< "train_loss"
  std::string_view label;  ///< "train loss"
  double (*get)(const Evaluation&);
  void (*set)(Evaluation&, double);
  bool integer = false;
  bool newer = false;  ///< records of earlier versions have no such column: it stays NaN
};

/// In file order, after "step" and "elapsed_s".
std::span<const MetricColumn> metric_columns();

}  // namespace grokscope
