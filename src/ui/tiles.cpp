#include "ui/tiles.h"

#include <imgui.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/text.h"
#include "config/fields.h"
#include "ui/chart_menu.h"
#include "ui/chart_mouse.h"
#include "ui/panel_tabs.h"
#include "ui/read_outs.h"

namespace grokscope {
namespace {

constexpr float kRadius = 8.0f;

/// The sweep as far as it is known, and where the shown run lies in it.
std::string signature_of_sweep(const PanelContext& context) {
  if (context.sweep == nullptr) return {};
  std::string text = std::to_string(reinterpret_cast<std::uintptr_t>(context.sweep->plan)) + ' ' +
                     std::to_string(context.sweep->news.generation) + ' ';
  for (const SweepAxis& axis : context.sweep->plan->axes) {
    if (context.config != nullptr) text += text_of(find_field(axis.field)->get(*context.config)) + ' ';
  }
  return text;
}

/// Everything that decides what a chart looks like; equal signatures, equal pictures.
std::string signature_of(const RunView& run, const Panel& panel, const PanelContext& context) {
  std::string text;
  const auto add = [&](auto value) { text += std::to_string(value) + ' '; };
  add(reinterpret_cast<std::uintptr_t>(run.history));
  if (panel.over_sweep) {
    text += signature_of_sweep(context);
  } else if (panel.over_theory) {
    add(context.theory == nullptr ? 0 : context.theory->news.generation);
  } else if (!panel.only_probe.empty() && run.history != nullptr) {
    const FramePtr frame = run.history->latest_at(panel.only_probe, context.step);
    add(reinterpret_cast<std::uintptr_t>(frame.get()));
    add(frame != nullptr || run.history->last() != nullptr);
  } else {
    add(run.history == nullptr ? 0 : run.history->generation());
    add(context.step);
    add(context.following);
    add(context.over);
    add(context.hover_step.value_or(-1.0));
    for (const OtherRun& other : context.others) add(reinterpret_cast<std::uintptr_t>(other.history.get()));
  }
  if (panel.with_sweep) text += signature_of_sweep(context);
  for (const PanelSwitch* one : panel.switches) add(context.on(*one));
  for (const PanelChoice* one : panel.choices) text.append(context.chosen(*one)).append("\n");
  return text.append(context.error);
}

std::string signature_of(const ChartZoom& zoom) {
  std::string text;
  const auto add = [&](const std::optional<AxisRange>& range) {
    text += range ? std::to_string(std::bit_cast<std::uint64_t>(range->first)) + ':' +
                        std::to_string(std::bit_cast<std::uint64_t>(range->last)) + ' '
                  : "- ";
  };
  add(zoom.x);
  for (const auto& range : zoom.y) add(range);
  return text;
}

}  // namespace

PanelContext panel_context(const RunView& run, const ViewState& view) {
  PanelContext context;
  context.history = run.history;
  context.config = run.config;
  context.facts = run.facts;
  context.step = shown_step(run, view);
  context.following = !view.scrub_step;
  context.over = is_over(run);
  context.switches = &view.switches;
  context.choices = &view.choices;
  if (view.switches.on(kPreviousRun)) context.others = run.others;
  context.sweep = run.sweep;
  context.theory = run.theory;
  context.hover_step = view.hover_step;
  if (run.status != nullptr) context.error = run.status->error;
  return context;
}

PanelContext Tiles::context_of(const RunView& run, const ViewState& view, const Spot& spot) {
  PanelContext context = panel_context(run, view);
  context.large = spot.built->large;
  return context;
}

const Tiles::Built& Tiles::built_charts(const Ui& ui, const RunView& run, const Panel& panel, bool large) {
  Built& built = built_[std::string(panel.name) + (large ? "/large" : "")];
  const PanelContext context = panel_context(run, ui.view);
  std::string signature = signature_of(run, panel, context);
  if (signature != built.signature) {
    built.charts = panel.build(context, large);
    built.large = large;
    built.signature = std::move(signature);
  }
  return built;
}

std::optional<PlotPlace> Tiles::place_under_mouse(const Spot& spot, const Scene& scene) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const Point at{mouse.x - spot.rect.x, mouse.y - spot.rect.y};
  const auto hit = plot_at(scene.plots, at);
  if (!hit || *hit >= spot.chart().plots.size()) return std::nullopt;
  return PlotPlace{spot.index, *hit, scene.plots[*hit].x_from_px(at.x), scene.plots[*hit].y_from_px(at.y)};
}

void Tiles::hover_spot(Ui& ui, const RunView& run, const Spot& spot, const Scene& scene,
                       const ItemState& state) {
  if (!state.hovered) return;
  const Chart& chart = spot.chart();
  const Panel& panel = *spot.panel;
  hovered_panel_ = panel.name;
  hovered_chart_ = chart.name;
  const auto at = place_under_mouse(spot, scene);
  if (!at) {
    if (!chart.help.empty()) item_tooltip(ui, ImGui::GetID("help"), chart.help + "\n" + kZoomHint);
    return;
  }
  const Plot& plot = chart.plots[at->plot];
  if (over_steps(plot)) {
    ui.view.hover_step = std::max(0.0, at->x);
    hovers_steps_ = true;
  }
  const PanelContext context = context_of(run, ui.view, spot);
  if (panel.point != nullptr) {
    const auto choose = panel.point(context, *at);
    if (choose && ui.view.choices.of(choose->choice) != choose->option) ui.actions.push_back(*choose);
  }
  if (panel.click != nullptr && state.pressed && ImGui::IsMouseReleased(ImGuiMouseButton_Left)) {
    if (auto action = panel.click(context, *at)) ui.actions.push_back(std::move(*action));
  }
  std::string text = panel.hover == nullptr ? std::string() : panel.hover(context, *at);
  if (text.empty()) text = nearest_values(plot, at->x);
  if (!text.empty()) show_tooltip(ui, text);
}

/// Whether a click there does more than choose: then two of them are no double click.
bool Tiles::leads_elsewhere(const Ui& ui, const RunView& run, const Spot& spot, const Scene& scene) {
  const auto at = place_under_mouse(spot, scene);
  if (!at || spot.panel->click == nullptr) return false;
  const auto action = spot.panel->click(context_of(run, ui.view, spot), *at);
  return action && !std::holds_alternative<Choose>(*action);
}

const Tiles::Kept& Tiles::kept_scene(Ui& ui, const Spot& spot, const ZoomOfSpot& zoom,
                                     const MeasureText& measure) {
  const Chart& chart = spot.chart();
  Kept& kept = kept_[spot.key()];
  const auto zoomed = ui.view.zoomed.find(zoom.key);
  const bool whole = zoomed == ui.view.zoomed.end();
  std::string signature = (spot.placed().depends.empty() ? spot.built->signature : spot.placed().depends) +
                          (whole ? "" : signature_of(shown_now(zoomed->second, zoom.newest_step))) +
                          std::to_string(static_cast<int>(ui.theme().kind)) + ' ' +
                          std::to_string(spot.rect.width) + ' ' + std::to_string(spot.rect.height) + ' ' +
                          std::to_string(ui.painter.scale());
  if (signature == kept.signature) return kept;
  LayoutOptions options;
  options.bounds = {0, 0, spot.rect.width, spot.rect.height};
  options.scale = ui.painter.scale();
  options.with_hint = true;
  if (whole) {
    kept.scene = lay_out(chart, options, ui.theme(), measure);
  } else {
    Chart part = chart;
    apply_zoom(ui.view.zoomed, std::string(spot.panel->name), zoom.newest_step, part);
    kept.scene = lay_out(part, options, ui.theme(), measure);
  }
  kept.signature = std::move(signature);
  kept.generation = next_generation_++;
  return kept;
}

void Tiles::draw_spot(Ui& ui, const RunView& run, const Spot& spot, const MeasureText& measure) {
  const Chart& chart = spot.chart();
  const std::string key = spot.key(), panel(spot.panel->name);
  const ZoomOfSpot zoom{zoom_key(panel, chart), static_cast<double>(shown_step(run, ui.view))};
  const Kept& kept = kept_scene(ui, spot, zoom, measure);
  ImGui::PushID(key.c_str());
  const ItemState state = item(ui, "tile", spot.rect, "");
  const Color edge = ui.view.zoomed.contains(zoom.key)
                         ? ui.theme().accent  // also where the remark has no room
                     : state.hovered ? mixed(ui.theme().line, ui.theme().dim, 0.35f)
                                     : ui.theme().line;
  ui.painter.box(spot.rect, ui.theme().panel, edge, ui.px(kRadius));
  ui.flush();
  ui.sink.draw_kept(std::hash<std::string>{}(key), kept.generation, kept.scene, spot.rect);
  if (state.double_clicked && ui.view.zoomed.erase(zoom.key) == 0 &&
      !leads_elsewhere(ui, run, spot, kept.scene))
    ui.view.full_panel = ui.view.full_panel.empty() ? panel : std::string();
  const ChartInTile in_tile{chart, zoom.key, kept.scene.plots, spot.rect, zoom.newest_step};
  if (!zoom_by_mouse(ui, in_tile, state)) {
    if (state.context_clicked) ImGui::OpenPopup(kChartMenu);
    hover_spot(ui, run, spot, kept.scene, state);
  }
  chart_menu(ui, *spot.panel, chart, panel_context(run, ui.view));
  ImGui::PopID();
}

/// Right of the charts where there is room for both, else below them; takes its share of the area.
void Tiles::place_controls(Ui& ui, const RunView& run, const Panel& panel, Rect& area) {
  const float gap = ui.px(10.0f), wide = ui.px(268.0f);
  Rect rect = area;
  if (area.width >= 1.9f * wide) {
    area.width -= wide;
    rect.x = area.x + area.width + gap;
    rect.width = wide - gap;
  } else {
    area.height = std::round(area.height * 0.6f);
    rect.y = area.y + area.height + gap;
    rect.height -= area.height + gap;
  }
  ImGui::PushID("controls of the panel");
  panel.controls(ui, run, rect);
  ImGui::PopID();
}

void Tiles::draw_one_panel(Ui& ui, const RunView& run, const DashboardLayout& layout,
                           const MeasureText& measure) {
  const std::string name = ui.view.full_panel.empty() ? "timeline" : ui.view.full_panel;
  panel_tabs(ui, panel_context(run, ui.view), layout.tabs, name, !layout.compact);
  ui.flush();
  const Panel* panel = find_panel(name);
  if (panel == nullptr) return;
  const float gap = ui.px(10.0f), scale = ui.painter.scale();
  Rect area = inset(layout.main, gap);
  if (panel->controls != nullptr) place_controls(ui, run, *panel, area);
  const bool large = area.width / scale >= 640.0f && area.height / scale >= 400.0f;
  const Built& built = built_charts(ui, run, *panel, large);
  for (std::size_t i = 0; i < built.charts.size(); ++i) {
    const Rect& share = built.charts[i].share;
    const float left = std::round(area.x + share.x * (area.width + gap)),
                top = std::round(area.y + share.y * (area.height + gap));
    const float right = std::round(area.x + (share.x + share.width) * (area.width + gap) - gap);
    const float bottom = std::round(area.y + (share.y + share.height) * (area.height + gap) - gap);
    draw_spot(ui, run, {panel, &built, i, {left, top, right - left, bottom - top}}, measure);
  }
}

void Tiles::draw(Ui& ui, const RunView& run, const DashboardLayout& layout, const MeasureText& measure) {
  hovered_panel_.clear();
  hovered_chart_.clear();
  hovers_steps_ = false;
  if (layout.main.width < 1.0f) return;  // the opened controls have all of it
  if (layout.tiles.empty()) {
    draw_one_panel(ui, run, layout, measure);
  } else if (layout.tabs.height > 0.0f) {
    panel_tabs(ui, panel_context(run, ui.view), layout.tabs, "", true);
    ui.flush();
  }
  for (const Tile& tile : layout.tiles) {
    const Panel* panel = find_panel(tile.panel);
    if (panel == nullptr) continue;
    const Built& built = built_charts(ui, run, *panel, !tile.chart.empty());
    const auto found = std::find_if(built.charts.begin(), built.charts.end(), [&](const PlacedChart& placed) {
      return placed.chart.name == tile.chart;
    });
    const std::size_t index =
        found == built.charts.end() ? 0 : static_cast<std::size_t>(found - built.charts.begin());
    if (index < built.charts.size()) draw_spot(ui, run, {panel, &built, index, tile.rect}, measure);
  }
  if (!hovers_steps_) ui.view.hover_step.reset();
  const ImGuiIO& io = ImGui::GetIO();
  if (!io.MouseDown[ImGuiMouseButton_Left] && !io.MouseDown[ImGuiMouseButton_Right]) ui.view.drag.reset();
}

}  // namespace grokscope
