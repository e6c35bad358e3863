// Double descent: error that falls, rises and falls again, over the steps of the shown run, over the widths
// or the numbers of examples of a sweep.
#include <cmath>
#include <limits>

#include "base/text.h"
#include "ui/panels/descent_charts.h"
#include "ui/panels/panel_list.h"
#include "ui/panels/sweep_charts.h"

namespace grokscope::panel {
namespace {

constexpr std::string_view kHelp =
    "Error over training, over the size of the network or over the number of examples. Look for it to fall, "
    "to "
    "rise near the point where the network can just fit its training set, and to fall again. The last two "
    "show a "
    "sweep: the presets double-descent-modelwise and double-descent-samplewise begin one. Nakkiran et al. "
    "2019.";

constexpr const char* kSteps = "over training";
constexpr const char* kWidths = "over the size of the network";
constexpr const char* kExamples = "over the number of examples";

bool has_table(const PanelContext& context) {
  return context.sweep != nullptr && context.sweep->news.table != nullptr;
}

std::vector<std::string> views(const PanelContext& context) {
  std::vector<std::string> names;
  if (has_table(context) && sweeps_widths(*context.sweep->plan)) names.emplace_back(kWidths);
  if (has_table(context) && sweeps_examples(*context.sweep->plan)) names.emplace_back(kExamples);
  names.emplace_back(kSteps);
  return names;
}

constexpr PanelChoice kView{.name = "descent_over",
                            .text = "Error",
                            .options = views,
                            .explained = "Double descent: over steps, sizes or examples",
                            .key = Key::e};

std::vector<PlacedChart> beside(Chart main, Chart upper, std::optional<Chart> lower) {
  std::vector<PlacedChart> charts;
  charts.push_back({Rect{0, 0, 0.62f, 1}, std::move(main)});
  charts.push_back({Rect{0.62f, 0, 0.38f, lower ? 0.5f : 1.0f}, std::move(upper)});
  if (lower) charts.push_back({Rect{0.62f, 0.5f, 0.38f, 0.5f}, std::move(*lower)});
  return charts;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const std::string view = context.chosen(kView);
  if (view == kWidths) {
    Chart main = descent_over_width(context);
    if (!large) return {{Rect{0, 0, 1, 1}, std::move(main)}};
    return beside(std::move(main), sweep_cell(context, *grid_of(context)), loss_over_width(context));
  }
  if (view == kExamples) {
    Chart main = descent_over_examples(context);
    if (!large) return {{Rect{0, 0, 1, 1}, std::move(main)}};
    return beside(std::move(main), sweep_cell(context, *grid_of(context)), std::nullopt);
  }
  return {{Rect{0, 0, 1, 1}, descent_over_steps(context)}};
}

/// The column of the sweep nearest to a place on its logarithmic axis.
std::optional<std::size_t> column_at(const SweepAxis& axis, double x) {
  std::optional<std::size_t> nearest;
  double least = 0.0;
  for (std::size_t i = 0; i < axis.values.size(); ++i) {
    const auto* whole = std::get_if<std::int64_t>(&axis.values[i]);
    if (whole == nullptr || *whole <= 0 || !(x > 0.0)) continue;
    const double apart = std::abs(std::log(x / static_cast<double>(*whole)));
    if (nearest && apart >= least) continue;
    nearest = i;
    least = apart;
  }
  return nearest;
}

std::optional<std::size_t> cell_at(const PanelContext& context, const PlotPlace& at) {
  if (at.chart != 0 || context.chosen(kView) == kSteps || !has_table(context)) return std::nullopt;
  const auto grid = grid_of(context);
  if (!grid) return std::nullopt;
  const auto column = column_at(*grid->right, at.x);
  if (!column) return std::nullopt;
  // Of several lines the one whose error is nearest to the mouse.
  std::size_t best = grid->cell(0, *column);
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t row = 0; row < grid->rows(); ++row) {
    const std::size_t cell = grid->cell(row, *column);
    const double apart =
        std::abs(summary_of(context.sweep->news.table->cell(cell), SweepMeasure::final_error).median - at.y);
    if (apart < least) {
      least = apart;
      best = cell;
    }
  }
  return best;
}

std::string hover(const PanelContext& context, const PlotPlace& at) {
  const auto cell = cell_at(context, at);
  if (!cell) return {};
  std::string text = cell_words(context, *cell);
  const auto rows = context.sweep->news.table->cell(*cell);
  const double error = summary_of(rows, SweepMeasure::final_error).median;
  if (!std::isfinite(error)) return text + "\nnot trained yet";
  text += "\ntest error at the end " + percent(error, 1);
  if (rows.size() == 1 || rows.front().state == RowState::trained) {
    text += "\n" + std::string(rows.size() > 1 ? "first seed: " : "") + "train error " +
            percent(1.0 - static_cast<double>(rows.front().train_accuracy), 1) + ", best test error " +
            percent(1.0 - static_cast<double>(rows.front().best_test_accuracy), 1);
  }
  return text;
}

std::optional<Choose> point(const PanelContext& context, const PlotPlace& at) {
  const auto cell = cell_at(context, at);
  if (!cell) return std::nullopt;
  return Choose{std::string(kSweepCell.name), std::to_string(*cell)};
}

std::optional<Action> click(const PanelContext& context, const PlotPlace& at) {
  const auto cell = cell_at(context, at);
  if (!cell) return std::nullopt;
  return Action(OpenSweepRun{*cell * context.sweep->news.table->seeds});
}

bool suits_plan(const SweepPlan& plan) {
  return sweeps_widths(plan) || sweeps_examples(plan);
}

/// On the dashboard of a run whose labels are wrong on purpose, and beside a sweep that it can show.
bool applies(const PanelContext& context, std::string_view) {
  if (has_table(context) && suits_plan(*context.sweep->plan)) return true;
  return context.config != nullptr && context.config->task.label_noise > 0.0;
}

constexpr PanelSwitch const* kSwitches[] = {&kLogSteps};
constexpr const PanelChoice* kChoices[] = {&kView, &kSweepCell};
constexpr PanelCommand kCommands[] = {{"Sweep ten widths (Nakkiran et al.)",
                                       [] {
                                         return Action(StartSweep{"double-descent-modelwise", {}});
                                       }},
                                      {"Sweep widths and numbers of examples", [] {
                                         return Action(StartSweep{"double-descent-samplewise", {}});
                                       }}};
constexpr TilePlace kTiles[] = {{TileRow::lower, 6, 240}};

}  // namespace

const Panel kDescent{.name = "descent",
                     .short_name = "Descent",
                     .title = "Double descent",
                     .help = kHelp,
                     .key = Key::d,
                     .tiles = kTiles,
                     .switches = kSwitches,
                     .choices = kChoices,
                     .commands = kCommands,
                     .with_sweep = true,
                     .suits_plan = suits_plan,
                     .build = build,
                     .hover = hover,
                     .point = point,
                     .click = click,
                     .applies = applies};

}  // namespace grokscope::panel
