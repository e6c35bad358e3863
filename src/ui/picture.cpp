#include "ui/picture.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>

#include "base/text.h"
#include "ui/dashboard.h"
#include "ui/imgui_style.h"
#include "ui/panel.h"
#include "ui/panels/sweep_charts.h"

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

Color paper_of(const Theme& theme, const PictureRequest& request) {
  const bool white = request.look == PictureLook::paper && theme.kind != ThemeKind::dark;
  return white ? Color{255, 255, 255} : theme.panel;
}

/// "quickstart, seed 0, step 742 of 20 000"; of a panel over a sweep, which sweep and how far it has come.
std::string which_run(const RunView& run, const ViewState& view, std::string_view panel_name = {}) {
  const Panel* panel = find_panel(panel_name);
  if (panel != nullptr && panel->over_sweep && run.sweep != nullptr)
    return "sweep " + run.sweep->name + ", " + panel::sweep_progress(*run.sweep);
  if (panel != nullptr && panel->over_theory && run.theory != nullptr && run.theory->news.of.study != nullptr)
    return "Theory, " + std::string(run.theory->news.of.study->title);
  const RunConfig& config = *run.config;
  const std::string folder = std::filesystem::path(run.run_path).filename().string();
  return (config.preset.empty() ? std::string("own settings") : config.preset) + ", seed " +
         std::to_string(config.seed) + ", step " + grouped(shown_step(run, view)) + " of " +
         grouped(config.train.steps) + (folder.empty() ? "" : ", run " + folder);
}

std::function<bool(std::string_view, std::string_view)> shows_of(const PanelContext& context) {
  return [context](std::string_view name, std::string_view chart) {
    const Panel* panel = find_panel(name);
    return panel != nullptr && (panel->applies == nullptr || panel->applies(context, chart));
  };
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
  const bool alone = charts.size() == 1, boxed = !alone && request.look == PictureLook::window;
  painter.rect(whole, boxed ? painter.theme().background : paper_of(painter.theme(), request));
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
    if (boxed) painter.box(tile, painter.theme().panel, painter.theme().line, painter.px(8.0f));
    append_scene(all, painter.take());
    LayoutOptions options;
    options.bounds = tile;
    options.scale = request.scale;
    append_scene(all, lay_out(placed.chart, options, painter.theme(), measure));
  }
  all.bounds = whole;
  return all;
}

/// The dashboard's panels under one line that says what they are of.
Scene paper_dashboard(const RunView& run, const ViewState& view, const PictureRequest& request,
                      const MeasureText& measure) {
  const PanelContext context = panel_context(run, view);
  Painter painter(theme(view.theme), request.scale, measure);
  const auto width = static_cast<float>(request.width), height = static_cast<float>(request.height);
  const float header = std::round(painter.px(34.0f)), margin = painter.px(22.0f);
  painter.rect({0, 0, width, height}, paper_of(painter.theme(), request));
  const PictureWords words = picture_words(run, view, request);
  const TextLook strong{16.0f, Face::semibold, painter.theme().text},
      quiet{13.0f, Face::regular, painter.theme().dim};
  const float room = width - 2 * margin, title = painter.width(words.title, strong);
  painter.text({margin, painter.px(8.0f), room, header}, words.title, strong);
  const std::string of_run = which_run(run, view);
  if (title + painter.px(24.0f) + painter.width(of_run, quiet) <= room)
    painter.text({margin, painter.px(8.0f), room, header}, of_run, quiet, Align::right);
  Scene all = painter.take();
  LayoutRequest layout;
  layout.width = width;
  layout.height = height - header;
  layout.scale = request.scale;
  layout.tiles_only = true;
  layout.shows = shows_of(context);
  std::vector<Tile> tiles = dashboard_layout(layout).tiles;
  if (tiles.empty()) tiles.push_back({"timeline", "", {0, 0, width, height - header}});
  for (const Tile& tile : tiles) {
    for (const PlacedChart& placed : find_panel(tile.panel)->build(context, !tile.chart.empty())) {
      if (!tile.chart.empty() && placed.chart.name != tile.chart) continue;
      LayoutOptions options;
      options.bounds = {tile.rect.x, tile.rect.y + header, tile.rect.width, tile.rect.height};
      options.scale = request.scale;
      append_scene(all, lay_out(placed.chart, options, painter.theme(), measure));
      break;
    }
  }
  all.bounds = {0, 0, width, height};
  return all;
}

Rect joined(const Rect& a, const Rect& b) {
  const float right = std::max(a.x + a.width, b.x + b.width),
              bottom = std::max(a.y + a.height, b.y + b.height);
  const float left = std::min(a.x, b.x), top = std::min(a.y, b.y);
  return {left, top, right - left, bottom - top};
}

struct BoxOf {
  Rect operator()(const SceneRect& rect) const { return rect.rect; }
  Rect operator()(const SceneImage& image) const { return image.rect; }
  Rect operator()(const SceneCircle& circle) const {
    return {circle.center.x - circle.radius_px, circle.center.y - circle.radius_px, 2 * circle.radius_px,
            2 * circle.radius_px};
  }
  Rect operator()(const SceneText& text) const {
    return {text.at.x, text.at.y - text.size_px, text.width_px, 1.3f * text.size_px};
  }
  Rect operator()(const ScenePolyline& line) const { return line.clip; }
};

/// Without the empty margins: what is drawn on the background, with the same narrow margin all around.
Scene trimmed(Scene scene, Color paper, float margin) {
  Rect box{0, 0, -1, -1};
  for (const Primitive& primitive : scene.primitives) {
    const Rect next = std::visit(BoxOf{}, primitive);
    const bool background = next.width >= scene.bounds.width && next.height >= scene.bounds.height;
    if (background || next.width <= 0) continue;
    box = box.width < 0 ? next : joined(box, next);
  }
  if (box.width <= 0) return scene;
  const float left = std::max(0.0f, std::floor(box.x - margin)),
              top = std::max(0.0f, std::floor(box.y - margin));
  const float right = std::min(scene.bounds.width, std::ceil(box.x + box.width + margin));
  const float bottom = std::min(scene.bounds.height, std::ceil(box.y + box.height + margin));
  move_scene(scene, -left, -top);
  scene.bounds = {0, 0, std::max(64.0f, right - left), std::max(64.0f, bottom - top)};
  scene.primitives.front() = SceneRect{scene.bounds, paper, 0};
  return scene;
}

}  // namespace

PictureWords picture_words(const RunView& run, const ViewState& view, const PictureRequest& request) {
  const PanelContext context = panel_context(run, view);
  const std::string task = run.facts == nullptr ? std::string("Grokscope") : run.facts->title;
  std::string drawn, help;
  const auto add = [&](const Chart& chart) {
    drawn += (drawn.empty() ? "" : "; ") + chart.title;
    help = chart.help;
  };
  if (request.panel.empty()) {
    LayoutRequest layout{static_cast<float>(request.width), static_cast<float>(request.height),
                         request.scale};
    layout.shows = shows_of(context);
    for (const Tile& tile : dashboard_layout(layout).tiles) {
      for (const PlacedChart& placed : find_panel(tile.panel)->build(context, !tile.chart.empty())) {
        if (tile.chart.empty() || placed.chart.name == tile.chart) add(placed.chart);
      }
    }
    help.clear();
  } else if (const auto charts = wanted_charts(run, view, request)) {
    for (const PlacedChart& placed : *charts) add(placed.chart);
    if (charts->size() > 1) help.clear();
  }
  PictureWords words;
  words.title = task + (request.panel.empty() || drawn.empty() ? "" : ": " + drawn);
  words.description = which_run(run, view, request.panel) + ". Drawn: " + (drawn.empty() ? task : drawn) +
                      "." + (help.empty() ? "" : " " + help);
  return words;
}

Result<Scene> picture_scene(const RunView& run, const ViewState& view, const PictureRequest& request,
                            const MeasureText& measure) {
  if (request.panel.empty()) {
    return request.look == PictureLook::paper ? paper_dashboard(run, view, request, measure)
                                              : dashboard_scene(run, view, request, measure);
  }
  Result<std::vector<PlacedChart>> charts = wanted_charts(run, view, request);
  if (!charts) return charts.error();
  if (!request.trimmed) return charts_scene(*charts, view, request, measure);
  PictureRequest fitting = request;
  if (find_panel(request.panel)->square)  // title and remark would keep the room beside it
    fitting.width = std::min(request.width, request.height * static_cast<int>(charts->size()));
  Scene scene = charts_scene(*charts, view, fitting, measure);
  return trimmed(std::move(scene), paper_of(theme(view.theme), request), std::round(12.0f * request.scale));
}

}  // namespace grokscope
