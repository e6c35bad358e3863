#include "ui/dashboard.h"

#include <imgui.h>
#include <imgui_internal.h>

#include "ui/control_bar.h"
#include "ui/open_sheet.h"
#include "ui/overlays.h"
#include "ui/rail.h"
#include "ui/scrubber.h"
#include "ui/top_bar.h"
#include "ui/verdict_card.h"

namespace grokscope {
namespace {

constexpr ImGuiWindowFlags kRoot = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                                   ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoScrollWithMouse;

/// Dear ImGui measures a tooltip, a menu or a note that appears in one frame and shows it in the next:
/// without one it would wait for the mouse to move again.
bool something_appears() {
  for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows) {
    const bool own = (window->Flags & ImGuiWindowFlags_ChildWindow) == 0 && !window->IsFallbackWindow;
    if (!own || !window->Active) continue;
    if (window->Hidden || window->AutoFitFramesX > 0 || window->AutoFitFramesY > 0) return true;
  }
  return false;
}

/// The keyboard goes to a text field, or leaves it, with the frames after this one. Until then a key is a
/// shortcut, or the other way round: it is not to be waited for.
bool focus_moves(const ViewState& view) {
  const bool typing_next = ImGui::GetCurrentContext()->WantTextInputNextFrame > 0;
  return view.typing.fresh || view.opening.fresh || typing_next != ImGui::GetIO().WantTextInput;
}

}  // namespace

double Dashboard::draw(const RunView& run, ViewState& view, Actions& actions, const DashboardFrame& frame) {
  // Dear ImGui closes its menus on Escape only while the keyboard navigates.
  if (view.close_menus && ImGui::GetCurrentContext()->OpenPopupStack.Size > 0)
    ImGui::ClosePopupToLevel(0, true);
  view.close_menus = false;
  Ui ui{Painter(theme(view.theme), frame.scale, *frame.measure),
        view,
        actions,
        frame.sink,
        hover_,
        frame.now_s};
  const PanelContext context = panel_context(run, view);
  LayoutRequest request;
  request.width = frame.width;
  request.height = frame.height;
  request.scale = frame.scale;
  request.rail_hidden = view.rail_hidden;
  request.rail_open = view.rail_open;
  request.one_panel = !view.full_panel.empty();
  request.shows = [&](std::string_view name, std::string_view chart) {
    const Panel* panel = find_panel(name);
    return panel != nullptr && (panel->applies == nullptr || panel->applies(context, chart));
  };
  const DashboardLayout layout = dashboard_layout(request);
  hover_.seen = false;
  view.hint_in_rail = false;
  ImGui::SetNextWindowPos(ImVec2(0, 0));
  ImGui::SetNextWindowSize(ImVec2(frame.width, frame.height));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0.0f);
  ImGui::Begin("grokscope", nullptr, kRoot);
  ImGui::PopStyleVar(3);
  ui.painter.rect({0, 0, frame.width, frame.height}, ui.theme().background);
  ui.painter.rect({layout.rail.x + layout.rail.width - 1.0f, layout.rail.y,
                   layout.rail.width > 0 ? 1.0f : 0.0f, layout.rail.height},
                  ui.theme().line);
  ui.flush();
  top_bar(ui, run, layout.top);
  ui.flush();
  tiles_.draw(ui, run, layout, *frame.measure);
  scrubber(ui, run, layout.scrubber);
  ui.flush();
  if (layout.bar.width > 0) control_bar(ui, run, layout.bar);
  ui.flush();
  if (layout.rail.width > 0) control_rail(ui, run, layout.rail);
  if (layout.story.height > 0)
    verdict_card(ui, run, layout.story, true, fitting_length(ui, run, layout.story));
  ui.flush();
  ImGui::End();
  if (frame.overlays) {
    first_hint(ui, run, layout.main);
    open_sheet(ui, {0, 0, frame.width, frame.height});
    help_sheet(ui, {0, 0, frame.width, frame.height});
    toasts(ui, layout.main);
  }
  if (!hover_.seen) hover_.item = 0;
  view.menu_open = ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
  return something_appears() || focus_moves(view) ? 0.0 : ui.redraw_in_s;
}

}  // namespace grokscope
