#include "ui/tiles.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/text.h"
#include "base/whole_number.h"
#include "ui/shortcuts.h"

namespace grokscope {
namespace {

constexpr float kRadius = 8.0f;

/// Everything that decides what a chart looks like; equal signatures, equal pictures.
std::string signature_of(const RunView& run, const Panel& panel, const PanelContext& context) {
  std::string text;
  const auto add = [&](auto value) { text += std::to_string(value) + ' '; };
  add(reinterpret_cast<std::uintptr_t>(run.history));
  if (!panel.only_probe.empty() && run.history != nullptr) {
    const FramePtr frame = run.history->latest_at(panel.only_probe, context.step);
    add(reinterpret_cast<std::uintptr_t>(frame.get()));
    add(frame != nullptr || run.history->last() != nullptr);
  } else {
    add(run.history == nullptr ? 0 : run.history->generation());
    add(context.step);
    add(context.following);
    add(context.hover_step.value_or(-1.0));
    for (const OtherRun& other : context.others) add(reinterpret_cast<std::uintptr_t>(other.history.get()));
  }
  for (const PanelSwitch* one : panel.switches) add(context.on(*one));
  return text.append(context.error);
}

struct PlotHit {
  bool any = false;
  std::size_t plot = 0;
  double x = 0.0, y = 0.0;
};

PlotHit hit_test(const Scene& scene, float px, float py) {
  for (std::size_t i = 0; i < scene.plots.size(); ++i) {
    const PlotTransform& plot = scene.plots[i];
    if (plot.area_px.contains(px, py)) return {true, i, plot.x_from_px(px), plot.y_from_px(py)};
  }
  return {};
}

void view_switches(Ui& ui, const Panel& panel) {
  for (const PanelSwitch* one : panel.switches) {
    const std::string key = one->key == Key::none ? std::string() : chord_text(Chord{one->key});
    if (ImGui::MenuItem(std::string(one->text).c_str(), key.c_str(), ui.view.switches.on(*one)))
      ui.view.switches.toggle(*one);
  }
  for (const PanelCommand& command : panel.commands) {
    if (ImGui::MenuItem(std::string(command.text).c_str())) ui.actions.push_back(command.action());
  }
}

void chart_menu(Ui& ui, const Panel& panel, const Chart& chart) {
  if (!ImGui::BeginPopup("chart menu")) return;
  ImGui::TextDisabled("%s", chart.title.c_str());
  const std::string name(panel.name);
  if (ImGui::MenuItem("Save as PNG")) ui.actions.push_back(SaveChart{name, chart.name, false});
  if (ImGui::MenuItem("Save as SVG")) ui.actions.push_back(SaveChart{name, chart.name, true});
  if (ImGui::MenuItem("Copy data (CSV)", chord_text(Shortcut::copy_data).c_str())) {
    ui.actions.push_back(CopyText{chart_csv(chart), said_of_copied_data(chart)});
  }
  ImGui::Separator();
  if (ui.view.full_panel == name) {
    if (ImGui::MenuItem("Back to the dashboard", "Esc")) ui.view.full_panel.clear();
  } else if (ImGui::MenuItem("Full window", "double click")) {
    ui.view.full_panel = name;
  }
  view_switches(ui, panel);
  if (!chart.help.empty() && ImGui::BeginMenu("What is this?")) {
    ImGui::PushTextWrapPos(ui.px(340.0f));
    ImGui::TextUnformatted(chart.help.c_str());
    ImGui::PopTextWrapPos();
    ImGui::EndMenu();
  }
  ImGui::EndPopup();
}

bool steps_along_x(const Plot& plot) {
  return plot.x.label == "step";
}

/// Tabs of all panels, for the full window and for windows too small for tiles.
void tabs(Ui& ui, const Rect& strip, const std::string& shown, bool with_dashboard) {
  const float gap = ui.px(6.0f), height = ui.px(27.0f), top = strip.y + strip.height - height;
  float x = strip.x + ui.px(10.0f);
  const float end = strip.x + strip.width - ui.px(10.0f);
  const auto place = [&](const char* id, const std::string& text, bool chosen, const std::string& tooltip) {
    const TextLook look =
        ui.style(13.0f, chosen ? ui.theme().text : ui.theme().dim, chosen ? Face::semibold : Face::regular);
    const float width = ui.painter.width(text, look) + ui.px(18.0f);
    if (x + width > end) return false;
    const Rect rect{x, top, width, height};
    const ItemState state = item(ui, id, rect, tooltip);
    if (chosen || state.hovered)
      ui.painter.box(rect, chosen ? ui.theme().panel : ui.theme().control_hover, ui.theme().line,
                     ui.px(6.0f));
    ui.painter.text(rect, text, look, Align::centre);
    x += width + gap;
    return state.pressed;
  };
  if (with_dashboard &&
      place("dashboard", "Dashboard", shown.empty(), with_shortcut("All panels at once.", "Esc")))
    ui.view.full_panel.clear();
  for (const Panel& panel : panels()) {
    const std::string name(panel.name);
    if (place(name.c_str(), std::string(panel.short_name), name == shown,
              with_shortcut(std::string(panel.help), chord_text(Chord{panel.key}))))
      ui.view.full_panel = name;
  }
}

}  // namespace

std::string said_of_copied_data(const Chart& chart) {
  return "The numbers of \"" + chart.title +
         "\" are in the clipboard as CSV: paste them into a spreadsheet or a text file.";
}

PanelContext panel_context(const RunView& run, const ViewState& view) {
  PanelContext context;
  context.history = run.history;
  context.config = run.config;
  context.facts = run.facts;
  context.step = shown_step(run, view);
  context.following = !view.scrub_step;
  context.switches = &view.switches;
  if (view.switches.on(kPreviousRun)) context.others = run.others;
  context.hover_step = view.hover_step;
  if (run.status != nullptr) context.error = run.status->error;
  return context;
}

std::string nearest_values(const Plot& plot, double x) {
  std::string text;
  for (const Mark& mark : plot.marks) {
    const auto* line = std::get_if<LineMark>(&mark);
    if (line == nullptr) continue;
    Sample nearest{};
    if (line->series != nullptr && !line->series->empty()) {
      nearest = line->series->at(line->series->nearest(x));
    } else if (!line->samples.empty()) {
      nearest = *std::min_element(
          line->samples.begin(), line->samples.end(),
          [&](const Sample& a, const Sample& b) { return std::abs(a.x - x) < std::abs(b.x - x); });
    } else {
      continue;
    }
    if (text.empty())
      text =
          (plot.x.label.empty() ? "x" : plot.x.label) + " " +
          (plot.x.integer && whole_from(nearest.x) ? grouped(*whole_from(nearest.x)) : pretty(nearest.x, 3));
    text += "\n" + (line->name.empty() ? line->label : line->name) + "  " +
            (plot.y.percent ? percent(nearest.y, 1) : pretty(nearest.y, 3));
  }
  return text;
}

const Tiles::Built& Tiles::built_charts(const Ui& ui, const RunView& run, const Panel& panel, bool large) {
  Built& built = built_[std::string(panel.name) + (large ? "/large" : "")];
  const PanelContext context = panel_context(run, ui.view);
  std::string signature = signature_of(run, panel, context);
  if (signature != built.signature) {
    built.charts = panel.build(context, large);
    built.signature = std::move(signature);
  }
  return built;
}

void Tiles::hover_spot(Ui& ui, const RunView& run, const Spot& spot, const Scene& scene,
                       const ItemState& state) {
  if (!state.hovered) return;
  const Chart& chart = spot.chart();
  hovered_panel_ = spot.panel->name;
  hovered_chart_ = chart.name;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const PlotHit hit = hit_test(scene, mouse.x - spot.rect.x, mouse.y - spot.rect.y);
  if (!hit.any || hit.plot >= chart.plots.size()) {
    if (!chart.help.empty()) {
      item_tooltip(ui, ImGui::GetID("help"),
                   chart.help + "\nDouble click: full window. Right click: save, copy.");
    }
    return;
  }
  const Plot& plot = chart.plots[hit.plot];
  if (steps_along_x(plot)) {
    ui.view.hover_step = std::max(0.0, hit.x);
    hovers_steps_ = true;
  }
  std::string text;
  if (spot.panel->hover != nullptr)
    text = spot.panel->hover(panel_context(run, ui.view), spot.index, hit.plot, hit.x, hit.y);
  if (text.empty()) text = nearest_values(plot, hit.x);
  if (!text.empty()) show_tooltip(ui, text);
}

void Tiles::draw_spot(Ui& ui, const RunView& run, const Spot& spot, const MeasureText& measure) {
  const Chart& chart = spot.chart();
  const std::string key = std::string(spot.panel->name) + "/" + chart.name + "/" + std::to_string(spot.index);
  Kept& kept = kept_[key];
  std::string signature = spot.built->signature + std::to_string(static_cast<int>(ui.theme().kind)) + ' ' +
                          std::to_string(spot.rect.width) + ' ' + std::to_string(spot.rect.height) + ' ' +
                          std::to_string(ui.painter.scale());
  if (signature != kept.signature) {
    LayoutOptions options;
    options.bounds = {0, 0, spot.rect.width, spot.rect.height};
    options.scale = ui.painter.scale();
    kept.scene = lay_out(chart, options, ui.theme(), measure);
    kept.signature = std::move(signature);
    kept.generation = next_generation_++;
  }
  ImGui::PushID(key.c_str());
  const ItemState state = item(ui, "tile", spot.rect, "");
  const Color edge = state.hovered ? mixed(ui.theme().line, ui.theme().dim, 0.35f) : ui.theme().line;
  ui.painter.box(spot.rect, ui.theme().panel, edge, ui.px(kRadius));
  ui.flush();
  ui.sink.draw_kept(std::hash<std::string>{}(key), kept.generation, kept.scene, spot.rect);
  if (state.double_clicked) {
    ui.view.full_panel = ui.view.full_panel.empty() ? std::string(spot.panel->name) : std::string();
  }
  if (state.context_clicked) ImGui::OpenPopup("chart menu");
  hover_spot(ui, run, spot, kept.scene, state);
  chart_menu(ui, *spot.panel, chart);
  ImGui::PopID();
}

void Tiles::draw_one_panel(Ui& ui, const RunView& run, const DashboardLayout& layout,
                           const MeasureText& measure) {
  const std::string name = ui.view.full_panel.empty() ? "timeline" : ui.view.full_panel;
  tabs(ui, layout.tabs, name, !layout.compact);
  ui.flush();
  const Panel* panel = find_panel(name);
  if (panel == nullptr) return;
  const float gap = ui.px(10.0f), scale = ui.painter.scale();
  const Rect area = inset(layout.main, gap);
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
  if (layout.tiles.empty()) draw_one_panel(ui, run, layout, measure);
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
}

}  // namespace grokscope
