#include "sweep/estimate.h"

#include <algorithm>
#include <vector>

#include "sweep/train_runs.h"

namespace grokscope {
namespace {

constexpr std::int64_t kMeasuredSteps = 300;
constexpr std::size_t kEnoughOutcomes = 3, kMostOutcomes = 200;

/// The mean of those that are known, spread over the plan; 0 if they are too few.
double seconds_of_known(const Sweep& sweep) {
  std::vector<std::size_t> known;
  for (std::size_t run = 0; run < sweep.plan().runs(); ++run)
    if (sweep.knows(run)) known.push_back(run);
  if (known.size() < kEnoughOutcomes) return 0.0;
  const std::size_t count = std::min(known.size(), kMostOutcomes);
  double sum = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto line = sweep.store().line_of(sweep.key(known[i * known.size() / count]));
    const auto outcome = line ? outcome_from_line(*line, "known") : Result<Outcome>(line.error());
    if (outcome) sum += outcome->seconds;
  }
  return sum / static_cast<double>(count);
}

}  // namespace

Result<SweepEstimate> estimate(const Sweep& sweep, const std::function<bool()>& give_up) {
  std::vector<std::size_t> missing = sweep.missing();
  if (missing.empty()) return SweepEstimate{};
  if (const double known = seconds_of_known(sweep); known > 0.0) return SweepEstimate{known, false};
  std::sort(missing.begin(), missing.end());
  // The first and the last: an axis may be a size.
  std::vector<RunPlan> samples;
  double steps[2] = {};
  RunPlans plans(sweep.plan());
  for (const std::size_t run : {missing.front(), missing.back()}) {
    RunPlan sample = plans.at(run);
    std::int64_t& its_steps = sample.run.config.train.steps;
    steps[samples.size()] = static_cast<double>(its_steps);
    its_steps = std::min(its_steps, kMeasuredSteps);
    samples.push_back(std::move(sample));
  }
  double seconds = 0.0;
  TrainRunsOptions how;
  how.give_up = give_up;
  how.ended = [&](std::size_t place, const Outcome& outcome) -> Status {
    if (outcome.failed()) return failure(outcome.error);
    const double made = static_cast<double>(std::max<std::int64_t>(outcome.last.step, 1));
    seconds += outcome.seconds / made * steps[place] / 2.0;
    return {};
  };
  const auto trained = train_runs(samples, how);
  if (!trained) return trained.error();
  if (!*trained) return failure("interrupted");
  return SweepEstimate{seconds, true};
}

}  // namespace grokscope
