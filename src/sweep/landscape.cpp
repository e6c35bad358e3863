#include "sweep/landscape.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "config/config_json.h"
#include "config/fields.h"

namespace grokscope {
namespace {

// Less than twice as many and the early ones of a run (up to a hundred million steps): an outcome keeps all.
constexpr std::int64_t kEvaluations = 50;
static_assert(2 * kEvaluations + 50 < static_cast<std::int64_t>(kMostSeriesPoints));
constexpr double kSmallestScale = 1e-3, kLargestScale = 1e3;  // of init.scale

/// Name of an array of the frame, and where its numbers stand in a cell.
struct CellColumn {
  const char* name;
  double LandscapeCell::*value;
};
constexpr CellColumn kColumns[] = {
    {"norm", &LandscapeCell::norm},
    {"train_loss", &LandscapeCell::train_loss},
    {"test_loss", &LandscapeCell::test_loss},
    {"train_accuracy", &LandscapeCell::train_accuracy},
    {"test_accuracy", &LandscapeCell::test_accuracy},
    {"least_train_loss", &LandscapeCell::least_train_loss},
    {"least_test_loss", &LandscapeCell::least_test_loss},
    {"off_sphere", &LandscapeCell::off_sphere},
};

constexpr const char *kTrainLoss = "train_loss", *kTestLoss = "test_loss", *kWeightNorm = "weight_norm";

const OutcomeSeries* series_of(const Outcome& outcome, std::string_view name) {
  const auto found = std::find_if(outcome.series.begin(), outcome.series.end(),
                                  [&](const OutcomeSeries& series) { return series.name == name; });
  return found == outcome.series.end() ? nullptr : &*found;
}

/// NaN if there is none.
double least_of(const OutcomeSeries* series) {
  double least = LandscapeCell::kNan;
  for (std::size_t i = 0; series != nullptr && i < series->values.size(); ++i)
    if (!(least <= series->values[i])) least = series->values[i];
  return least;
}

template <typename T>
Array vector_array(const std::vector<T>& values) {
  Array array{{static_cast<std::int64_t>(values.size())}, {}};
  for (const T value : values) array.values.push_back(static_cast<float>(value));
  return array;
}

/// The sphere with the least test loss in the row of the largest training set, once all are known.
const LandscapeCell* goldilocks(const Landscape& landscape) {
  if (landscape.done() < landscape.cells.size()) return nullptr;
  const LandscapeCell* best = nullptr;
  const std::size_t columns = landscape.plan.alphas.size();
  for (std::size_t i = landscape.cells.size() - columns; i < landscape.cells.size(); ++i) {
    const LandscapeCell& cell = landscape.cells[i];
    if (cell.done && std::isfinite(cell.test_loss) && (best == nullptr || cell.test_loss < best->test_loss))
      best = &cell;
  }
  return best;
}

}  // namespace

std::vector<double> log_spaced(double from, double to, std::size_t count) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const double along = count < 2 ? 0.0 : static_cast<double>(i) / static_cast<double>(count - 1);
    values.push_back(from * std::pow(to / from, along));
  }
  return values;
}

Status validate(const LandscapePlan& plan) {
  const std::size_t cells = plan.alphas.size() * plan.train_sizes.size();
  if (cells == 0) return usage_error("a landscape needs at least one alpha and one training size");
  if (cells > kLargestLandscape) {
    return usage_error("a landscape of " + std::to_string(cells) + " cells is too large: at most " +
                       std::to_string(kLargestLandscape));
  }
  for (const double alpha : plan.alphas) {
    if (!(alpha >= kSmallestScale && alpha <= kLargestScale)) {
      return usage_error("alpha = " + text_of(FieldValue(alpha)) + " is out of range: 0.001 .. 1000");
    }
  }
  for (std::size_t cell = 0; cell < cells; cell += plan.alphas.size()) {
    if (Status status = validate(cell_config(plan, cell)); !status) return status;
  }
  return {};
}

std::size_t Landscape::done() const {
  return static_cast<std::size_t>(
      std::count_if(cells.begin(), cells.end(), [](const LandscapeCell& cell) { return cell.done; }));
}

RunConfig cell_config(const LandscapePlan& plan, std::size_t cell) {
  RunConfig config = plan.base;
  config.init.scale = plan.alphas[cell % plan.alphas.size()];
  const std::int64_t size = plan.train_sizes[cell / plan.alphas.size()];
  if (size > 0) config.task.train_size = size;
  if (size > 0 && config.train.batch_size > size) config.train.batch_size = 0;
  config.optimizer.clamp_norm = 1.0;
  config.optimizer.weight_decay = 0.0;
  config.optimizer.l1 = 0.0;
  config.train.steps = plan.steps;
  config.train.eval_every = std::clamp<std::int64_t>(plan.steps / kEvaluations, 1, 1'000'000);
  config.train.checkpoint_every = 0;
  return config;
}

SweepPlan sweep_plan_of(const LandscapePlan& plan, const std::vector<std::size_t>& cells) {
  std::vector<PlannedRun> runs(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) runs[i].config = cell_config(plan, cells[i]);
  SweepPlan made = plan_of_runs(runs);
  made.record = {kTestLoss, kTrainLoss, kWeightNorm};
  return made;
}

LandscapeCell cell_of(const Outcome& outcome) {
  LandscapeCell cell;
  const OutcomeSeries* norms = series_of(outcome, kWeightNorm);
  if (outcome.failed() || norms == nullptr || norms->values.empty()) return cell;
  const double sphere = norms->values.front();
  cell.done = true;
  cell.norm = sphere;
  cell.train_loss = outcome.last.train_loss;
  cell.test_loss = outcome.last.test_loss;
  cell.train_accuracy = outcome.last.train_accuracy;
  cell.test_accuracy = outcome.last.test_accuracy;
  cell.least_train_loss = least_of(series_of(outcome, kTrainLoss));
  cell.least_test_loss = least_of(series_of(outcome, kTestLoss));
  cell.off_sphere = 0.0;
  for (const double norm : norms->values)
    cell.off_sphere = std::max(cell.off_sphere, std::abs(norm / sphere - 1.0));
  return cell;
}

std::string text_of(const LandscapePlan& plan) {
  LandscapePlan standard = plan;
  standard.base.preset.clear();
  standard.alphas = {1.0};
  Json json = json_from_config(cell_config(standard, 0));
  json["alphas"] = plan.alphas;
  json["train_sizes"] = plan.train_sizes;
  return text_from_json(json);
}

Frame frame_of(const Landscape& landscape) {
  Frame frame;
  frame.probe = "landscape";
  frame.arrays["alpha"] = vector_array(landscape.plan.alphas);
  frame.arrays["train_size"] = vector_array(landscape.plan.train_sizes);
  for (const CellColumn& column : kColumns) {
    Array array{{static_cast<std::int64_t>(landscape.plan.train_sizes.size()),
                 static_cast<std::int64_t>(landscape.plan.alphas.size())},
                {}};
    for (const LandscapeCell& cell : landscape.cells)
      array.values.push_back(static_cast<float>(cell.*column.value));
    frame.arrays[column.name] = std::move(array);
  }
  frame.scalars["done"] = static_cast<double>(landscape.done());
  frame.scalars["cells"] = static_cast<double>(landscape.cells.size());
  frame.scalars["steps"] = static_cast<double>(landscape.plan.steps);
  if (const LandscapeCell* best = goldilocks(landscape)) frame.scalars["goldilocks_norm"] = best->norm;
  frame.texts["plan"] = text_of(landscape.plan);
  return frame;
}

std::optional<Landscape> landscape_from(const Frame& frame, const LandscapePlan& plan) {
  const auto text = frame.texts.find("plan");
  if (frame.probe != "landscape" || text == frame.texts.end() || text->second != text_of(plan))
    return std::nullopt;
  Landscape landscape(plan);
  for (const CellColumn& column : kColumns) {
    const auto array = frame.arrays.find(column.name);
    if (array == frame.arrays.end() || array->second.values.size() != landscape.cells.size())
      return std::nullopt;
    for (std::size_t i = 0; i < landscape.cells.size(); ++i)
      landscape.cells[i].*column.value = static_cast<double>(array->second.values[i]);
  }
  for (LandscapeCell& cell : landscape.cells) cell.done = std::isfinite(cell.norm);
  return landscape;
}

}  // namespace grokscope
