#include "sweep/complexity.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "config/fields.h"
#include "sweep/local_executor.h"
#include "sweep/sweep.h"
#include "sweep/work_folder.h"

namespace grokscope {
namespace {

constexpr double kSure = 2.0;  // standard errors

RunConfig config_with(const ComplexityPlan& plan, std::int64_t examples, std::int64_t seed) {
  RunConfig config = plan.base;
  config.task.train_size = examples;
  config.train.batch_size = std::min(config.train.batch_size, examples);
  config.seed = seed;
  return config;
}

ComplexityProbe probe_of(std::int64_t examples, const std::vector<double>& errors) {
  const auto count = static_cast<double>(errors.size());
  double mean = 0.0, squares = 0.0;
  for (const double error : errors) mean += error / count;
  for (const double error : errors) squares += (error - mean) * (error - mean);
  return {examples, mean, errors.size() < 2 ? 0.0 : std::sqrt(squares / (count - 1.0) / count)};
}

Result<double> train_error(const Sweep& sweep, std::size_t run) {
  const auto line = sweep.store().line_of(sweep.key(run));
  const auto outcome = line ? outcome_from_line(*line, "a run") : Result<Outcome>(line.error());
  if (!outcome) return outcome.error();
  if (outcome->failed()) return Error{outcome->error, outcome->blame};
  if (!std::isfinite(outcome->last.train_accuracy))
    return failure("a run diverged, so that what it fits is not known: set optimizer.learning_rate lower");
  return 1.0 - outcome->last.train_accuracy;
}

Result<ComplexityProbe> train_at(const ComplexityPlan& plan, std::int64_t examples,
                                 const ComplexityOptions& options) {
  std::vector<PlannedRun> runs(static_cast<std::size_t>(plan.seeds));
  for (std::int64_t seed = 0; seed < plan.seeds; ++seed)
    runs[static_cast<std::size_t>(seed)].config = config_with(plan, examples, seed);
  const auto folder = WorkFolder::make();
  if (!folder) return folder.error();
  auto sweep = Sweep::open(plan_of_runs(runs), {folder->path(), options.with_cache});
  if (!sweep) return sweep.error();
  ExecutorOptions how;
  how.program = options.program;
  how.folder = sweep->folder();
  how.jobs = options.jobs;
  how.interrupted = options.interrupted;
  const auto trained = train_locally(sweep->plan(), sweep->missing(), how);
  if (!trained) return trained.error();
  if (trained->interrupted) return failure("interrupted: the same command goes on from what is in the cache");
  if (const Status read = sweep->refresh(); !read) return read.error();
  std::vector<double> errors;
  for (std::size_t run = 0; run < runs.size(); ++run) {
    const auto error = train_error(*sweep, run);
    if (!error) return error.error();
    errors.push_back(*error);
  }
  return probe_of(examples, errors);
}

}  // namespace

Status validate(const ComplexityPlan& plan) {
  if (!(plan.epsilon > 0.0 && plan.epsilon < 1.0))
    return usage_error(
        fmt::format("epsilon is a share of wrong answers between 0 and 1, not {}", plan.epsilon));
  if (plan.seeds < 1) return usage_error("at least one seed is needed");
  if (plan.least < 1 || plan.most < plan.least) {
    return usage_error(fmt::format(
        "there is no number of examples from {} to {}: say where to look, from 1 up", plan.least, plan.most));
  }
  for (const std::int64_t examples : {plan.least, plan.most})
    if (Status valid = validate(config_with(plan, examples, 0)); !valid) return valid;
  return {};
}

ComplexitySearch::ComplexitySearch(const ComplexityPlan& plan) : plan_(plan) {}

void ComplexitySearch::see(const ComplexityProbe& probe) {
  const auto place = std::upper_bound(probes_.begin(), probes_.end(), probe,
                                      [](const auto& a, const auto& b) { return a.examples < b.examples; });
  probes_.insert(place, probe);
}

std::optional<std::int64_t> ComplexitySearch::complexity() const {
  const auto limit = too_many();
  std::optional<std::int64_t> largest;
  for (const ComplexityProbe& probe : probes_)
    if (probe.mean_error <= plan_.epsilon && (!limit || probe.examples < *limit)) largest = probe.examples;
  return largest;
}

std::optional<std::int64_t> ComplexitySearch::too_many() const {
  for (const ComplexityProbe& probe : probes_)
    if (probe.mean_error > plan_.epsilon) return probe.examples;
  return std::nullopt;
}

std::optional<std::int64_t> ComplexitySearch::surely_fitted() const {
  const auto limit = surely_not();
  std::optional<std::int64_t> largest;
  for (const ComplexityProbe& probe : probes_) {
    if (limit && probe.examples >= *limit) break;
    if (probe.mean_error + kSure * probe.standard_error <= plan_.epsilon) largest = probe.examples;
  }
  return largest;
}

std::optional<std::int64_t> ComplexitySearch::surely_not() const {
  for (const ComplexityProbe& probe : probes_)
    if (probe.mean_error - kSure * probe.standard_error > plan_.epsilon) return probe.examples;
  return std::nullopt;
}

/// The ends first, then the middle of the bounds on a logarithmic scale.
std::optional<std::int64_t> ComplexitySearch::next() const {
  const auto seen = [&](std::int64_t examples) {
    return std::any_of(probes_.begin(), probes_.end(),
                       [&](const auto& probe) { return probe.examples == examples; });
  };
  if (!seen(plan_.most)) return plan_.most;
  if (!too_many()) return std::nullopt;
  if (!seen(plan_.least)) return plan_.least;
  const auto low = complexity(), high = too_many();
  if (!low || static_cast<double>(*high) <= (1.0 + plan_.precision) * static_cast<double>(*low))
    return std::nullopt;
  const auto middle = static_cast<std::int64_t>(
      std::llround(std::sqrt(static_cast<double>(*low) * static_cast<double>(*high))));
  return middle <= *low || middle >= *high ? std::nullopt : std::optional(middle);
}

std::string complexity_sentence(const ComplexitySearch& search, const ComplexityPlan& plan) {
  const std::string limit = "a mean training error of " + percent(plan.epsilon, 0) + " over " +
                            std::to_string(plan.seeds) + (plan.seeds == 1 ? " seed" : " seeds");
  const auto found = search.complexity();
  if (!found)
    return "effective model complexity below " + grouped(plan.least) +
           ": not even so few examples are fitted to " + limit;
  if (!search.too_many())
    return "effective model complexity of " + grouped(plan.most) + " or more: all of them are fitted to " +
           limit;
  const auto low = search.surely_fitted(), high = search.surely_not();
  return "effective model complexity " + grouped(*found) + ": so many examples are fitted to " + limit +
         ", " + grouped(*search.too_many()) + " are not; two standard errors allow " +
         (low ? grouped(*low) : "fewer than " + grouped(plan.least)) + " to " +
         (high ? grouped(*high) : "more than " + grouped(plan.most));
}

Result<ComplexitySearch> measure_complexity(const ComplexityPlan& plan, const ComplexityOptions& options) {
  if (const Status valid = validate(plan); !valid) return valid.error();
  ComplexitySearch search(plan);
  while (const auto examples = search.next()) {
    const auto probe = train_at(plan, *examples, options);
    if (!probe) return probe.error();
    search.see(*probe);
    if (options.measured) options.measured(*probe);
  }
  return search;
}

}  // namespace grokscope
