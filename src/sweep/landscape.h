// The reduced landscape of Liu, Michaud & Tegmark 2022 (Omnigrok, §2): train and test loss after training on
// the sphere ‖θ‖ = α‖θ₀‖ (an ordinary optimizer step, then one global rescale), for many α and, as a map,
// many training sizes. Here: what a landscape is, which runs it consists of, and its frame. Not who trains
// them: landscape_job.h. Values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"
#include "history/frame.h"
#include "sweep/outcome.h"
#include "sweep/plan.h"

namespace grokscope {

struct LandscapePlan {
  RunConfig base;                         ///< task, model, loss, optimizer, batch size, seed
  std::vector<double> alphas;             ///< init.scale of each column, ascending
  std::vector<std::int64_t> train_sizes;  ///< rows, ascending; {0}: the base's own training set
  std::int64_t steps = 10'000;            ///< of optimisation on each sphere
};

/// `count` values from `from` to `to`, evenly spaced in log α.
std::vector<double> log_spaced(double from, double to, std::size_t count);

/// Usage errors: no α, α outside 0.001 .. 1000, sizes that the task refuses, more than kLargestLandscape
/// cells.
Status validate(const LandscapePlan& plan);
inline constexpr std::size_t kLargestLandscape = 4096;

/// What training on one sphere came to; NaN and done = false until then.
struct LandscapeCell {
  static constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  bool done = false;
  double norm = kNan;  ///< ‖θ‖ of the sphere
  double train_loss = kNan, test_loss = kNan, train_accuracy = kNan, test_accuracy = kNan;  ///< at the end
  double least_train_loss = kNan, least_test_loss = kNan;  ///< over all evaluations, as Omnigrok's MNIST code
  double off_sphere = kNan;  ///< largest |‖θ‖ / α‖θ₀‖ - 1| at any evaluation
};

struct Landscape {
  LandscapePlan plan;
  std::vector<LandscapeCell> cells;  ///< (size, alpha), row-major

  explicit Landscape(LandscapePlan wanted)
      : plan(std::move(wanted)), cells(plan.alphas.size() * plan.train_sizes.size()) {}
  std::size_t done() const;
};

/// The run of one cell: init.scale = α, clamp_norm = 1, no weight decay, no L1; evaluated 50 times.
RunConfig cell_config(const LandscapePlan& plan, std::size_t cell);
/// The runs of these cells, in this order, whose outcomes keep what cell_of() reads.
SweepPlan sweep_plan_of(const LandscapePlan& plan, const std::vector<std::size_t>& cells);
LandscapeCell cell_of(const Outcome& outcome);

/// Two plans with the same text have the same landscape: what a cached one is recognised by. What a user
/// changes in mid-run (weight decay, clamp) is not part of it.
std::string text_of(const LandscapePlan& plan);

/// Probe "landscape", step 0 (it belongs to the whole run). Arrays: alpha (alpha), train_size (size), norm,
/// train_loss, test_loss, train_accuracy, test_accuracy, least_test_loss (size, alpha), NaN where nothing is
/// known yet; scalars: done, cells, steps, goldilocks_norm (least test loss of the last row; absent until all
/// are done); text: plan.
Frame frame_of(const Landscape& landscape);
/// The cells of a frame that was made for the same plan; nothing for another one.
std::optional<Landscape> landscape_from(const Frame& frame, const LandscapePlan& plan);

}  // namespace grokscope
