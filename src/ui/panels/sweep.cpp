// Sweep: what became of many runs over one to three settings: a map that fills, cuts through it, the runs of
// the cell under the mouse.
#include <cmath>

#include "base/text.h"
#include "ui/panels/panel_list.h"
#include "ui/panels/sweep_charts.h"

namespace grokscope::panel {
namespace {

constexpr std::string_view kHelp =
    "Many runs over one to three settings, trained behind this one: where a network groks, understands at "
    "once, only memorises, or fails. Look for the border where generalising begins. Right click: begin one. "
    "Liu et al. 2022 (effective theory), figure 6; Power et al. 2022, figure 1.";

constexpr std::size_t kManySeeds = 10;

Chart no_sweep(const PanelContext& context) {
  Chart chart;
  chart.name = "sweep";
  chart.title = "Sweep";
  chart.help = kHelp;
  if (context.sweep == nullptr) {
    chart.empty =
        "No sweep yet. The menu of this panel (right mouse button) begins one over two settings of this run, "
        "that "
        "of a slider one over its setting. It trains behind the run and fills a map.";
  } else if (context.sweep->plan->axes.empty()) {
    chart.empty = "This plan is a list of runs without axes: there is no map of it. " +
                  sweep_progress(*context.sweep) + ".";
  } else if (!context.sweep->news.error.empty()) {
    chart.empty = sentence_of(context.sweep->news.error);
  } else {
    chart.empty = "Reading what is known of this sweep.";
  }
  return chart;
}

/// What the pictures of the map depend on; not on the cell under the mouse.
std::string depends_on(const PanelContext& context, const Chart& chart) {
  std::string text = "sweep " + std::to_string(reinterpret_cast<std::uintptr_t>(context.sweep->plan)) + ' ' +
                     std::to_string(reinterpret_cast<std::uintptr_t>(context.sweep->news.table.get())) + ' ' +
                     chart.title + '\n' + chart.remark + '\n' + chart.caption;
  for (const Plot& plot : chart.plots) {
    for (const Mark& mark : plot.marks) {
      if (const auto* dot = std::get_if<MarkerMark>(&mark))
        text += '\n' + std::to_string(dot->x) + ' ' + std::to_string(dot->y);
    }
  }
  return text;
}

std::vector<PlacedChart> build_map(const PanelContext& context, const SweepGrid& grid, bool large) {
  Chart map = sweep_map(context, grid);
  if (!context.sweep->news.error.empty()) map.caption = sentence_of(context.sweep->news.error);
  std::string depends = depends_on(context, map);
  std::vector<PlacedChart> charts;
  charts.push_back({large ? Rect{0, 0, 0.62f, 1} : Rect{0, 0, 1, 1}, std::move(map), std::move(depends)});
  if (!large) return charts;
  constexpr float kThird = 1.0f / 3.0f;
  charts.push_back({Rect{0.62f, 0, 0.38f, kThird}, sweep_cell(context, grid)});
  charts.push_back({Rect{0.62f, kThird, 0.38f, kThird}, sweep_section(context, grid, true)});
  charts.push_back({Rect{0.62f, 2 * kThird, 0.38f, kThird}, sweep_section(context, grid, false)});
  return charts;
}

std::vector<PlacedChart> build_curve(const PanelContext& context, const SweepGrid& grid, bool large) {
  const bool one_cell = grid.columns() == 1;
  Chart main = one_cell ? sweep_distribution(context, grid) : sweep_section(context, grid, true);
  if (!context.sweep->news.error.empty()) main.caption = sentence_of(context.sweep->news.error);
  std::vector<PlacedChart> charts;
  charts.push_back({large ? Rect{0, 0, 0.62f, 1} : Rect{0, 0, 1, 1}, std::move(main)});
  if (!large) return charts;
  const bool many = !one_cell && context.sweep->plan->runs_of_cell() >= kManySeeds;
  charts.push_back({Rect{0.62f, 0, 0.38f, many ? 0.5f : 1.0f}, sweep_cell(context, grid)});
  if (many) charts.push_back({Rect{0.62f, 0.5f, 0.38f, 0.5f}, sweep_distribution(context, grid)});
  return charts;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const std::optional<SweepGrid> grid = grid_of(context);
  if (!grid || context.sweep->news.table == nullptr) return {{Rect{0, 0, 1, 1}, no_sweep(context)}};
  return grid->up == nullptr ? build_curve(context, *grid, large) : build_map(context, *grid, large);
}

/// The cell under the mouse: of the map, or of the curve over one axis.
std::optional<std::size_t> cell_at(const PanelContext& context, const PlotPlace& at) {
  const std::optional<SweepGrid> grid = grid_of(context);
  if (!grid || at.chart != 0 || context.sweep->news.table == nullptr || grid->columns() == 0)
    return std::nullopt;
  if (!(at.x >= -0.5) || !(at.x < static_cast<double>(grid->columns()) - 0.5)) return std::nullopt;
  const auto column = static_cast<std::size_t>(std::floor(at.x + 0.5));
  if (grid->up == nullptr) return grid->columns() == 1 ? std::nullopt : std::optional(grid->cell(0, column));
  if (!(at.y >= -0.5) || !(at.y < static_cast<double>(grid->rows()) - 0.5)) return std::nullopt;
  return grid->cell(static_cast<std::size_t>(std::floor(at.y + 0.5)), column);
}

std::string steps_words(double steps) {
  return std::isnan(steps) ? "–" : std::isinf(steps) ? "never" : grouped(std::llround(steps));
}

std::string hover(const PanelContext& context, const PlotPlace& at) {
  const auto cell = cell_at(context, at);
  if (!cell) return {};
  const auto rows = context.sweep->news.table->cell(*cell);
  const CellSummary phase = summary_of(rows, SweepMeasure::phase);
  std::string text = cell_words(context, *cell);
  if (phase.known == 0) return text + "\nnot trained yet";
  text += "\n" + std::string(phase.diverged ? "diverged" : theory::name_of(phase.phase)) +
          (phase.disagrees ? ", its seeds disagree" : "");
  text += "\nsteps to generalise " + steps_words(summary_of(rows, SweepMeasure::steps_to_generalise).median);
  text += "\nafter 99 % train accuracy by " + steps_words(summary_of(rows, SweepMeasure::delay).median);
  const double error = summary_of(rows, SweepMeasure::final_error).median;
  if (std::isfinite(error)) text += "\nfinal test error " + percent(error, 1);
  if (rows.size() > 1)
    text += "\n" + std::to_string(phase.known) + " of " + std::to_string(rows.size()) + " seeds";
  return text;
}

std::optional<Choose> point(const PanelContext& context, const PlotPlace& at) {
  const auto cell = cell_at(context, at);
  if (!cell) return std::nullopt;
  return Choose{std::string(kSweepCell.name), std::to_string(*cell)};
}

/// Its first run that is known, or the first.
std::optional<Action> click(const PanelContext& context, const PlotPlace& at) {
  const auto cell = cell_at(context, at);
  if (!cell) return std::nullopt;
  const auto rows = context.sweep->news.table->cell(*cell);
  std::size_t seed = 0;
  for (std::size_t i = rows.size(); i-- > 0;) {
    if (rows[i].state == RowState::trained) seed = i;
  }
  return OpenSweepRun{*cell * rows.size() + seed};
}

/// On the dashboard once there is one.
bool applies(const PanelContext& context, std::string_view chart) {
  return chart.empty() || context.sweep != nullptr;
}

constexpr TilePlace kTiles[] = {{TileRow::lower, 5, 260, "sweep-map"}};
constexpr const PanelSwitch* kSwitches[] = {&kLogSteps};
constexpr const PanelChoice* kChoices[] = {&kSweepMeasure, &kSweepSlice, &kSweepCell};
constexpr const char* kBegin = "Begin a sweep";
constexpr PanelCommand kCommands[] = {
    {"Stop the sweep, or go on", [] { return Action(ToggleSweep{}); }},
    {"Weight decay × training share of this run",
     [] {
       return Action(StartSweep{"", {"optimizer.weight_decay", "task.train_fraction"}});
     },
     kBegin},
    {"Learning rate × weight decay of this run",
     [] {
       return Action(StartSweep{"", {"optimizer.learning_rate", "optimizer.weight_decay"}});
     },
     kBegin},
    {"Twenty seeds of this run",
     [] {
       return Action(StartSweep{"", {}});
     },
     kBegin},
    {"Phase diagram of quickstart",
     [] {
       return Action(StartSweep{"phase-diagram-wd-fraction", {}});
     },
     kBegin},
    {"Steps against training share (Power et al.)",
     [] {
       return Action(StartSweep{"fraction-curve", {}});
     },
     kBegin},
    {"Phases of plain addition (effective theory)",
     [] {
       return Action(StartSweep{"effective-theory-map", {}});
     },
     kBegin},
    {"Initial norm × data (Omnigrok)",
     [] {
       return Action(StartSweep{"omnigrok-norm-size", {}});
     },
     kBegin}};

}  // namespace

const Panel kSweep{.name = "sweep",
                   .short_name = "Sweep",
                   .title = "Sweep",
                   .help = kHelp,
                   .key = Key::s,
                   .tiles = kTiles,
                   .switches = kSwitches,
                   .choices = kChoices,
                   .commands = kCommands,
                   .over_sweep = true,
                   .build = build,
                   .hover = hover,
                   .point = point,
                   .click = click,
                   .applies = applies};

}  // namespace grokscope::panel
