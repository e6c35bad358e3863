// Panel: one row that says everything about a panel, and a pure function from the histories of runs to
// charts. One file a panel in ui/panels/, listed once in panel_list.h; the dashboard, the full-window view,
// keys, menus, `render` and SVG export all read the row.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "chart/chart.h"
#include "chart/scene.h"
#include "contract/ports.h"
#include "history/history.h"
#include "ui/other_runs.h"
#include "ui/panel_choice.h"
#include "ui/panel_switch.h"
#include "ui/sweep_view.h"
#include "ui/theory_view.h"
#include "ui/view_state.h"

namespace grokscope {

struct Ui;

/// The runs that a panel draws, and how it is looked at. The shown run comes first; the others are ghosts,
/// which a panel may draw or not.
struct PanelContext {
  const History* history = nullptr;   ///< of the shown run
  const RunConfig* config = nullptr;  ///< as it is at the end of the history
  const RunFacts* facts = nullptr;    ///< nullptr before the trainer knows
  std::span<const OtherRun> others;   ///< beside the shown one; empty when switched off
  std::int64_t step = 0;              ///< what is shown: the newest step, or where the scrubber stands
  bool following = true;
  bool over = false;                   ///< no step is to come: axes end where the run does
  bool large = false;                  ///< for hover(): whether the view under the mouse was built large
  const Switches* switches = nullptr;  ///< nullptr: all as they are at first
  const Choices* choices = nullptr;    ///< nullptr: nothing was chosen
  std::optional<double> hover_step;    ///< shared cursor
  const SweepView* sweep = nullptr;    ///< nullptr: none was begun or opened
  const TheoryView* theory = nullptr;  ///< nullptr: nothing was computed
  std::string_view error;              ///< why the run could not start or go on; "" = it can

  bool on(const PanelSwitch& which) const {
    return switches == nullptr ? which.initially : switches->on(which);
  }
  /// One of its options; "" where there is none.
  std::string chosen(const PanelChoice& which) const;
};

struct PlacedChart {
  Rect share;  ///< of the panel's area, 0..1
  Chart chart;
  std::string depends = {};  ///< equal texts, equal pictures; "" = as all of the panel
};

/// Rows of the dashboard. The lower one is for large windows; a smaller one, or one where several tiles of
/// the middle do not apply, takes from its end what fits in.
enum class TileRow { top, middle, lower };
struct TilePlace {
  TileRow row = TileRow::middle;
  int place = 0;           ///< from left to right in that row
  float width = 200;       ///< in proportion to its neighbours
  std::string_view chart;  ///< "" = the panel's small view; else the chart of that name of its large view
};

/// Under the mouse.
struct PlotPlace {
  std::size_t chart = 0;    ///< of those that build() gave
  std::size_t plot = 0;     ///< of the chart
  double x = 0.0, y = 0.0;  ///< in its data units; any, not only those inside the plot
};

/// A menu entry that does something once.
struct PanelCommand {
  std::string_view text;
  Action (*action)() = nullptr;
  std::string_view menu = {};  ///< below this entry, together with its neighbours; "" = in the menu itself
};

struct Panel {
  std::string_view name;        ///< "ranks": in --panel, file names, the docs
  std::string_view short_name;  ///< on its tab: "Ranks"
  std::string_view title;       ///< "Effective rank"
  std::string_view help;        ///< what it is in one sentence, what to look for in a second, source last
  Key key = Key::none;          ///< opens it in the full window
  std::span<const TilePlace> tiles = {};  ///< on the dashboard; none: only in the full window
  std::span<const PanelSwitch* const> switches = {};
  std::span<const PanelChoice* const> choices = {};
  std::span<const PanelCommand> commands = {};
  /// Not empty: its charts depend on the newest frame of this probe, on its switches and choices alone, so
  /// that they are built again only for a new one.
  std::string_view only_probe = {};
  bool over_sweep = false;  ///< its charts show the sweep and no course of the run
  bool with_sweep = false;  ///< its charts show the sweep, too, or instead
  /// Whether it says more of such a sweep than the panel of every sweep; nullptr: of none.
  bool (*suits_plan)(const SweepPlan& plan) = nullptr;
  bool over_theory = false;  ///< its charts show what is computed and no course of the run
  bool square = false;       ///< a chart of it saved alone is as high as wide
  /// `large` is true at full window: more detail, several charts.
  std::vector<PlacedChart> (*build)(const PanelContext& context, bool large) = nullptr;
  /// Text for the tooltip there; "" = the default (nearest samples).
  std::string (*hover)(const PanelContext& context, const PlotPlace& at) = nullptr;
  /// What the mouse resting there chooses, to be seen in the other charts; nothing: nothing.
  std::optional<Choose> (*point)(const PanelContext& context, const PlotPlace& at) = nullptr;
  /// What a click there does; nothing: nothing.
  std::optional<Action> (*click)(const PanelContext& context, const PlotPlace& at) = nullptr;
  /// Whether this run has anything for the panel, or for one chart of its large view, as far as is known;
  /// nullptr: always. The dashboard shows what applies; a panel opened by itself says why not.
  bool (*applies)(const PanelContext& context, std::string_view chart) = nullptr;
  /// Its own controls, right of its charts where it has the window to itself; nullptr: none.
  void (*controls)(Ui& ui, const RunView& run, const Rect& rect) = nullptr;
};

std::span<const Panel> panels();
const Panel* find_panel(std::string_view name);
/// The panel that a sweep is opened in.
std::string_view panel_of(const SweepPlan& plan);
/// "timeline | lu | …".
std::string panel_names(std::string_view between);
/// Every switch of any panel, once.
std::vector<const PanelSwitch*> panel_switches();
/// The option after the one that is chosen, round and round.
void choose_next(const PanelChoice& which, const PanelContext& context, Choices& choices);

}  // namespace grokscope
