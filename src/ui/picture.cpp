#include "ui/picture.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/dashboard.h"
#include "ui/imgui_style.h"
#include "ui/panel.h"

namespace grokscope {
namespace {

/// An ImGui context for one picture; the one that was current comes back.
class PrivateContext {
 public:
  PrivateContext() : previous_(ImGui::GetCurrentContext()), own_(ImGui::CreateContext()) {
    ImGui::SetCurrentContext(own_);
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().LogFilename = nullptr;
  }
  ~PrivateContext() {
    ImGui::DestroyContext(own_);
    ImGui::SetCurrentContext(previous_);
  }
  PrivateContext(const PrivateContext&) = delete;
  PrivateContext& operator=(const PrivateContext&) = delete;

 private:
  ImGuiContext* previous_;
  ImGuiContext* own_;
};

void prepare(const ViewState& view, const PictureRequest& request) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = ImVec2(static_cast<float>(request.width), static_cast<float>(request.height));
  io.DeltaTime = 1.0f / 60.0f;
  apply_style(theme(view.theme), request.scale);
  unsigned char* pixels = nullptr;
  int width = 0, height = 0;
  io.Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
}

Scene dashboard_scene(const RunView& run, const ViewState& view, const PictureRequest& request,
                      const MeasureText& measure) {
  PrivateContext context;
  prepare(view, request);
  ViewState shown = view;
  shown.form_open = shown.help_open = shown.hint_open = shown.keyboard_mode = false;
  shown.hover_step.reset();
  shown.full_panel.clear();
  shown.typing = {};
  Scene all;
  DashboardFrame frame;
  frame.width = static_cast<float>(request.width);
  frame.height = static_cast<float>(request.height);
  frame.scale = request.scale;
  frame.measure = &measure;
  frame.overlays = false;
  frame.sink.draw = [&](Scene scene) { append_scene(all, std::move(scene)); };
  frame.sink.draw_kept = [&](std::uint64_t, std::uint64_t, const Scene& scene, const Rect& at) {
    Scene moved = scene;
    move_scene(moved, at.x, at.y);
    append_scene(all, std::move(moved));
  };
  Dashboard dashboard;
  Actions ignored;
  for (int pass = 0; pass < 2; ++pass) {  // the first tells ImGui how tall the rail is
    all = Scene{};
    ImGui::NewFrame();
    dashboard.draw(run, shown, ignored, frame);
    ImGui::EndFrame();
  }
  all.bounds = {0, 0, frame.width, frame.height};
  return all;
}

Result<std::vector<PlacedChart>> wanted_charts(const RunView& run, const ViewState& view,
                                               const PictureRequest& request) {
  const Panel* panel = find_panel(request.panel);
  if (panel == nullptr) {
    return usage_error("there is no panel \"" + request.panel + "\": choose one of " + panel_names(", "));
  }
  const bool large = static_cast<float>(request.width) / request.scale >= 640.0f &&
                     static_cast<float>(request.height) / request.scale >= 400.0f;
  const PanelContext context = panel_context(run, view);
  const auto built = [&](bool as_large) {
    std::vector<PlacedChart> charts = panel->build(context, as_large);
    for (PlacedChart& placed : charts)
      apply_zoom(view.zoomed, request.panel, static_cast<double>(context.step), placed.chart);
    return charts;
  };
  std::vector<PlacedChart> charts = built(large || !request.chart.empty());
  if (request.chart.empty()) return charts;
  for (const bool from_large : {true, false}) {
    if (!from_large) charts = built(false);
    for (PlacedChart& placed : charts) {
      if (placed.chart.name != request.chart) continue;
      placed.share = {0, 0, 1, 1};
      return std::vector<PlacedChart>{std::move(placed)};
    }
  }
  return usage_error("the panel \"" + request.panel + "\" has no chart \"" + request.chart + "\"");
}

Scene charts_scene(const std::vector<PlacedChart>& charts, const ViewState& view,
                   const PictureRequest& request, const MeasureText& measure) {
  Painter painter(theme(view.theme), request.scale, measure);
  const Rect whole{0, 0, static_cast<float>(request.width), static_cast<float>(request.height)};
  const bool alone = charts.size() == 1;
  painter.rect(whole, alone ? painter.theme().panel : painter.theme().background);
  Scene all = painter.take();
  const float gap = std::round(painter.px(10.0f));
  const Rect area = alone ? whole : inset(whole, gap);
  const float between = alone ? 0.0f : gap;
  for (const PlacedChart& placed : charts) {
    const Rect& share = placed.share;
    const float left = std::round(area.x + share.x * (area.width + between)),
                top = std::round(area.y + share.y * (area.height + between));
    const float right = std::round(area.x + (share.x + share.width) * (area.width + between) - between);
    const float bottom = std::round(area.y + (share.y + share.height) * (area.height + between) - between);
    const Rect tile{left, top, right - left, bottom - top};
    if (!alone) painter.box(tile, painter.theme().panel, painter.theme().line, painter.px(8.0f));
    append_scene(all, painter.take());
    LayoutOptions options;
    options.bounds = tile;
    options.scale = request.scale;
    append_scene(all, lay_out(placed.chart, options, painter.theme(), measure));
  }
  all.bounds = whole;
  return all;
}

}  // namespace

float scale_for_size(int width, int height) {
  const float lines = std::min(static_cast<float>(height), static_cast<float>(width) * 9.0f / 16.0f);
  return std::clamp(std::floor(lines / 540.0f) / 2.0f, 1.0f, 4.0f);
}

Result<Scene> picture_scene(const RunView& run, const ViewState& view, const PictureRequest& request,
                            const MeasureText& measure) {
  if (request.panel.empty()) return dashboard_scene(run, view, request, measure);
  Result<std::vector<PlacedChart>> charts = wanted_charts(run, view, request);
  if (!charts) return charts.error();
  return charts_scene(*charts, view, request, measure);
}

}  // namespace grokscope
