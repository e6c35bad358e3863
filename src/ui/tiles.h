// Tiles: the charts of the panels in boxes, with the shared cursor, tooltips of values, a menu each, and a
// cache so that a chart is laid out again only when something it shows has changed. Main thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "ui/layout.h"
#include "ui/panel.h"
#include "ui/ui.h"

namespace grokscope {

class Tiles {
 public:
  /// Draws tiles, or the one panel with its tabs.
  void draw(Ui& ui, const RunView& run, const DashboardLayout& layout, const MeasureText& measure);
  /// The chart under the mouse, for Ctrl+C; empty names when there is none.
  const std::string& hovered_panel() const { return hovered_panel_; }
  const std::string& hovered_chart() const { return hovered_chart_; }
  /// Before the history that was shown goes away.
  void forget() {
    kept_.clear();
    built_.clear();
  }

 private:
  /// The charts of one panel's small or large view, built again only when what they show has changed.
  struct Built {
    std::string signature;
    std::vector<PlacedChart> charts;
    bool large = false;
  };
  struct Kept {
    std::string signature;
    Scene scene;
    std::uint64_t generation = 0;
  };
  struct Spot {
    const Panel* panel = nullptr;
    const Built* built = nullptr;
    std::size_t index = 0;  ///< of the chart in it
    Rect rect;
    const PlacedChart& placed() const { return built->charts[index]; }
    const Chart& chart() const { return placed().chart; }
    std::string key() const {
      return std::string(panel->name) + "/" + chart().name + "/" + std::to_string(index);
    }
  };
  struct ZoomOfSpot {
    std::string key;           ///< zoom_key()
    double newest_step = 0.0;  ///< that is shown
  };
  const Built& built_charts(const Ui& ui, const RunView& run, const Panel& panel, bool large);
  static void place_controls(Ui& ui, const RunView& run, const Panel& panel, Rect& area);
  void draw_one_panel(Ui& ui, const RunView& run, const DashboardLayout& layout, const MeasureText& measure);
  /// Laid out again only when it has changed.
  const Kept& kept_scene(Ui& ui, const Spot& spot, const ZoomOfSpot& zoom, const MeasureText& measure);
  void draw_spot(Ui& ui, const RunView& run, const Spot& spot, const MeasureText& measure);
  static PanelContext context_of(const RunView& run, const ViewState& view, const Spot& spot);
  static std::optional<PlotPlace> place_under_mouse(const Spot& spot, const Scene& scene);
  static bool leads_elsewhere(const Ui& ui, const RunView& run, const Spot& spot, const Scene& scene);
  void hover_spot(Ui& ui, const RunView& run, const Spot& spot, const Scene& scene, const ItemState& state);

  std::map<std::string, Built> built_;
  std::map<std::string, Kept> kept_;
  std::uint64_t next_generation_ = 1;
  std::string hovered_panel_, hovered_chart_;
  bool hovers_steps_ = false;
};

PanelContext panel_context(const RunView& run, const ViewState& view);
/// The chart's data as CSV: a block of columns a plot.
std::string chart_csv(const Chart& chart);

}  // namespace grokscope
