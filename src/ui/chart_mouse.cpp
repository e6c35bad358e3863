#include "ui/chart_mouse.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace grokscope {
namespace {

constexpr double kPerNotch = 1.25;
constexpr float kMovedPx = 4.0f;  // less is a click with a shaking hand
constexpr float kLeastBoxPx = 6.0f;

void perform(Ui& ui, const ChartInTile& chart, const std::vector<PlotTransform>& drawn,
             const ZoomCommand& command) {
  std::optional<ZoomedChart> next = zoomed(chart.chart, drawn, command, chart.edge);
  if (next)
    ui.view.zoomed[chart.key] = std::move(*next);
  else
    ui.view.zoomed.erase(chart.key);
}

Point mouse_in(const Rect& tile) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  return {mouse.x - tile.x, mouse.y - tile.y};
}

Rect box_between(const Rect& area, Point a, Point b) {
  const auto in_x = [&](float x) { return std::clamp(x, area.x, area.x + area.width); };
  const auto in_y = [&](float y) { return std::clamp(y, area.y, area.y + area.height); };
  const float left = in_x(std::min(a.x, b.x)), right = in_x(std::max(a.x, b.x));
  const float top = in_y(std::min(a.y, b.y)), bottom = in_y(std::max(a.y, b.y));
  return {left, top, right - left, bottom - top};
}

void turn_wheel(Ui& ui, const ChartInTile& chart, std::size_t plot, Point at) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.MouseWheel == 0.0f) return;
  ZoomAbout about{plot, at, std::pow(kPerNotch, static_cast<double>(io.MouseWheel))};
  about.x = !io.KeyCtrl;
  about.y = io.KeyCtrl || !wheel_is_for_x(chart.chart.plots[plot]);
  perform(ui, chart, chart.plots, about);
}

/// Returns whether a button went down here.
bool begin_drag(Ui& ui, const ChartInTile& chart, std::size_t plot, Point at) {
  const bool left = ImGui::IsMouseClicked(ImGuiMouseButton_Left);
  if (!left && !ImGui::IsMouseClicked(ImGuiMouseButton_Right)) return false;
  ChartDrag drag;
  drag.chart = chart.key;
  drag.plot = plot;
  drag.from = at;
  drag.box = !left || ImGui::GetIO().KeyShift;
  drag.right_button = !left;
  drag.drawn = chart.plots;
  ui.view.drag = std::move(drag);
  return true;
}

void paint_box(Ui& ui, const ChartInTile& chart, const Rect& box) {
  const Rect at{chart.tile.x + box.x, chart.tile.y + box.y, box.width, box.height};
  ui.painter.rect(at, with_alpha(ui.theme().accent, 0.18f));
  ui.painter.line({{at.x, at.y},
                   {at.x + at.width, at.y},
                   {at.x + at.width, at.y + at.height},
                   {at.x, at.y + at.height},
                   {at.x, at.y}},
                  ui.theme().accent, ui.px(1.0f));
  ui.flush();
}

/// One frame of the drag that this chart has.
void go_on(Ui& ui, const ChartInTile& chart, Point at) {
  ChartDrag& drag = *ui.view.drag;
  const float dx = at.x - drag.from.x, dy = at.y - drag.from.y;
  drag.moved = drag.moved || std::hypot(dx, dy) > ui.px(kMovedPx);
  if (!drag.moved || drag.plot >= drag.drawn.size()) return;
  if (!drag.box) return perform(ui, chart, drag.drawn, PanBy{drag.plot, dx, dy});
  const Rect box = box_between(drag.drawn[drag.plot].area_px, drag.from, at);
  const bool down = ImGui::IsMouseDown(drag.right_button ? ImGuiMouseButton_Right : ImGuiMouseButton_Left);
  if (down) return paint_box(ui, chart, box);
  if (std::min(box.width, box.height) >= ui.px(kLeastBoxPx))
    perform(ui, chart, drag.drawn, ZoomIntoBox{drag.plot, box});
}

}  // namespace

std::optional<std::size_t> plot_at(const std::vector<PlotTransform>& plots, Point px) {
  for (std::size_t i = 0; i < plots.size(); ++i) {
    if (plots[i].area_px.contains(px.x, px.y)) return i;
  }
  return std::nullopt;
}

bool zoom_by_mouse(Ui& ui, const ChartInTile& chart, const ItemState& state) {
  const Point at = mouse_in(chart.tile);
  const auto plot = state.hovered ? plot_at(chart.plots, at) : std::nullopt;
  if (plot && *plot < chart.chart.plots.size()) {
    turn_wheel(ui, chart, *plot, at);
    if (begin_drag(ui, chart, *plot, at)) return false;
  }
  if (!ui.view.drag || ui.view.drag->chart != chart.key) return false;
  go_on(ui, chart, at);
  const bool moved = ui.view.drag->moved;
  const bool down =
      ImGui::IsMouseDown(ui.view.drag->right_button ? ImGuiMouseButton_Right : ImGuiMouseButton_Left);
  if (!down) ui.view.drag.reset();
  return moved;
}

}  // namespace grokscope
