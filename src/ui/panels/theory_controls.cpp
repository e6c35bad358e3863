// See theory_controls.h.
#include "ui/panels/theory_controls.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ui/slider.h"
#include "ui/theory_choice.h"
#include "ui/theory_view.h"

namespace grokscope::panel {
namespace {

std::vector<std::string> study_names(const PanelContext&) {
  std::vector<std::string> names;
  for (const theory::Study& study : theory::studies()) names.emplace_back(study.name);
  return names;
}

/// From top to bottom in the column, with room for a scroll bar.
struct Column {
  float x = 0, y = 0, width = 0;
  Rect next(float height, float gap) {
    const Rect rect{x, y, width, height};
    y += height + gap;
    return rect;
  }
};

void study_menu(Ui& ui, Column& column, const theory::Study& study) {
  const Rect rect = column.next(ui.px(28.0f) + ui.theme().type_step_px * ui.painter.scale(), ui.px(8.0f));
  ui.flush();
  ImGui::SetCursorScreenPos(ImVec2(rect.x, rect.y));
  ImGui::SetNextItemWidth(rect.width);
  if (ImGui::BeginCombo("##study", std::string(study.title).c_str())) {
    for (const theory::Study& one : theory::studies()) {
      if (ImGui::Selectable(std::string(one.title).c_str(), one.name == study.name))
        ui.actions.push_back(Choose{std::string(kStudy.name), std::string(one.name)});
    }
    ImGui::EndCombo();
  }
  if (ImGui::IsItemHovered()) show_tooltip(ui, std::string(study.help) + "\n" + std::string(study.source));
}

void setting_buttons(Ui& ui, Column& column, const theory::Study& study) {
  for (const theory::StudySetting& setting : study.settings) {
    const Rect rect = column.next(ui.px(26.0f) + ui.theme().type_step_px * ui.painter.scale(), ui.px(5.0f));
    const ButtonSpec spec{.text = std::string(setting.title), .tooltip = "Sets every slider below."};
    if (button(ui, ("setting " + std::string(setting.name)).c_str(), rect, spec))
      ui.actions.push_back(ShowStudy{std::string(study.name), theory::values_of(study, setting)});
  }
  column.y += ui.px(5.0f);
}

/// One of a few names: a click goes on to the next.
void option_button(Ui& ui, Column& column, const theory::StudyParameter& parameter, double& value) {
  const Rect rect = column.next(ui.px(26.0f) + ui.theme().type_step_px * ui.painter.scale(), ui.px(8.0f));
  const ButtonSpec spec{
      .text = std::string(parameter.title) + ": " + theory::text_of_parameter(parameter, value),
      .tooltip = std::string(parameter.help) + "\nA click chooses the next.",
      .look = ButtonLook::quiet};
  if (button(ui, std::string(parameter.name).c_str(), rect, spec))
    value = std::fmod(value + 1.0, static_cast<double>(parameter.options.size()));
}

std::string value_words(const theory::StudyParameter& parameter, double value) {
  if (parameter.unit == "fraction") return percent(value);
  return parameter.whole ? grouped(static_cast<std::int64_t>(value)) : pretty(value, 3);
}

void parameter_slider(Ui& ui, Column& column, const theory::StudyParameter& parameter, double& value) {
  SliderSpec spec;
  spec.label = parameter.title;
  spec.value_text = value_words(parameter, value);
  spec.tooltip = std::string(parameter.help) + "\nDouble click to type.";
  spec.percent = parameter.unit == "fraction";
  const std::string id = "theory " + std::string(parameter.name);
  if (ui.view.typing.slider == id && !ui.view.typing.wrong.empty()) {
    spec.note = ui.view.typing.wrong;
    spec.warns = true;
  }
  spec.range = {parameter.minimum, parameter.maximum, parameter.log_scale};
  spec.lowest = parameter.minimum;
  spec.highest = parameter.maximum;
  spec.value = value;
  spec.color = ui.theme().accent;
  const SliderInput input = slider(ui, id.c_str(), column.next(slider_height(ui, spec), ui.px(6.0f)), spec);
  if (!input.value) return;
  value = parameter.whole ? std::round(*input.value) : *input.value;
}

void paragraph(Ui& ui, Column& column, const std::string& text, Color color) {
  const std::vector<TextRun> runs{{text, ui.style(12.0f, color)}};
  const float line = ui.px(17.0f) + ui.theme().type_step_px * ui.painter.scale();
  const float height = ui.painter.paragraph({column.x, column.y, column.width, 1e4f}, runs, line);
  column.y += height + ui.px(6.0f);
}

/// "α₁ 0.151 ± 0.002", one a line.
std::string estimate_words(const theory::StudyEstimate& estimate) {
  return std::string(estimate.name) + " = " + pretty(estimate.value, 3) +
         (std::isfinite(estimate.error) ? " ± " + pretty(estimate.error, 2) : " (at an end, or free)");
}

void fit_part(Ui& ui, Column& column, const RunView& run, const theory::Study& study) {
  if (study.fit == nullptr) return;
  const theory::StudyNews* news = run.theory == nullptr ? nullptr : &run.theory->news;
  const bool fitting = news != nullptr && news->fitting;
  const bool possible = run.history != nullptr && run.history->evaluations().size() >= 12;
  const Rect rect = column.next(ui.px(28.0f) + ui.theme().type_step_px * ui.painter.scale(), ui.px(6.0f));
  const ButtonSpec spec{.text = fitting ? "Fitting …" : "Fit to the shown run",
                        .tooltip = possible
                                       ? "Finds the parameters whose curves come nearest to the run's, by "
                                         "least squares. Best when the run has ended."
                                       : "The run has too few evaluations yet.",
                        .look = ButtonLook::accent,
                        .enabled = possible && !fitting};
  if (button(ui, "fit", rect, spec)) ui.actions.push_back(FitStudy{});
  if (news == nullptr || fitting) return;
  if (!news->fit_error.empty()) paragraph(ui, column, news->fit_error, ui.theme().test);
  if (news->fit == nullptr) return;
  paragraph(ui, column, news->fit->caption, ui.theme().text);
  for (const theory::StudyEstimate& estimate : news->fit->estimates)
    paragraph(ui, column, estimate_words(estimate), ui.theme().dim);
}

}  // namespace

const PanelChoice kStudy{.name = "study", .text = "Study", .options = study_names};

void theory_controls(Ui& ui, const RunView& run, const Rect& rect) {
  const theory::Study& study = chosen_study(ui.view);
  ui.flush();
  ImGui::SetCursorScreenPos(ImVec2(rect.x, rect.y));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::BeginChild("theory controls", ImVec2(rect.width, rect.height), false, ImGuiWindowFlags_NoBackground);
  ImGui::PopStyleVar();
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  Column column{origin.x + ui.px(8.0f), origin.y + ui.px(2.0f), rect.width - ui.px(28.0f)};
  study_menu(ui, column, study);
  setting_buttons(ui, column, study);
  const theory::StudyValues before = chosen_values(ui.view, study);
  theory::StudyValues values = before;
  if (study.fit != nullptr) fit_part(ui, column, run, study);
  for (std::size_t i = 0; i < study.parameters.size(); ++i) {
    const theory::StudyParameter& parameter = study.parameters[i];
    if (parameter.options.empty())
      parameter_slider(ui, column, parameter, values[i]);
    else
      option_button(ui, column, parameter, values[i]);
  }
  if (values != before) ui.view.studies.insert_or_assign(std::string(study.name), values);
  ui.flush();
  // One item at the end tells ImGui how tall the content is.
  ImGui::SetCursorScreenPos(ImVec2(origin.x, column.y + ui.px(6.0f)));
  ImGui::Dummy(ImVec2(1, 1));
  ImGui::EndChild();
}

}  // namespace grokscope::panel
