#include "ui/form.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "base/home_path.h"
#include "base/number_text.h"
#include "base/text.h"
#include "base/trimmed.h"
#include "config/fields.h"
#include "config/live_field.h"
#include "history/interventions/rescale_norm.h"
#include "history/interventions/set.h"
#include "ui/imgui_style.h"

namespace grokscope {
namespace {

constexpr std::array<std::string_view, 3> kOnSliders = {"optimizer.weight_decay", "optimizer.learning_rate",
                                                        "task.train_fraction"};

std::string_view group_of(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot == std::string_view::npos ? "run" : name.substr(0, dot);
}

const char* group_title(std::string_view group) {
  if (group == "task") return "Task";
  if (group == "model") return "Model";
  if (group == "init") return "First weights";
  if (group == "loss") return "Loss";
  if (group == "optimizer") return "Optimizer";
  if (group == "train") return "Training and probes";
  return "Run";
}

void show_error(Ui& ui, const std::string& text) {
  ImGui::PushStyleColor(ImGuiCol_Text, imgui_color(ui.theme().test));
  ImGui::TextWrapped("%s", text.c_str());
  ImGui::PopStyleColor();
}

/// What the training side said of the text in this row: which formula, which file.
bool refused_because_of(const ViewState& view, const RunConfig& draft, const Field& field) {
  if (view.refused.empty()) return false;
  const bool is_formula = draft.task.kind == "formula";
  if (field.name == "task.formula") return is_formula && view.refused.find("formula") != std::string::npos;
  if (field.name != "task.path" || is_formula) return false;
  return view.refused.find("task.path") != std::string::npos ||
         view.refused.find("fetch-data") != std::string::npos ||
         (!draft.task.path.empty() && view.refused.find(with_home(draft.task.path)) != std::string::npos);
}

void choice_row(RunConfig& draft, const Field& field) {
  const FieldValue value = field.get(draft);
  const std::string* current = std::get_if<std::string>(&value);
  if (!ImGui::BeginCombo("##value", current == nullptr ? "" : current->c_str())) return;
  for (const std::string& choice : field.choices) {
    if (ImGui::Selectable(choice.c_str(), current != nullptr && *current == choice))
      (void)set_field(draft, field.name, choice);
  }
  ImGui::EndCombo();
}

/// "35 %" of a share is 0.35.
std::string without_percent(const Field& field, std::string_view typed) {
  const std::string_view text = trimmed(typed);
  if (field.unit != "fraction" || !text.ends_with('%')) return std::string(typed);
  const auto number = number_from_text(text.substr(0, text.size() - 1));
  return number ? text_of(FieldValue(*number / 100.0)) : std::string(typed);
}

/// A typed value: kept as text while it does not parse, so that nobody loses what they wrote.
void text_row(Ui& ui, RunConfig& draft, const Field& field) {
  auto& texts = ui.view.draft_texts;
  const auto kept = texts.find(field.name);
  const std::string shown = kept != texts.end() ? kept->second : text_of(field.get(draft));
  std::array<char, 1024> buffer{};
  std::memcpy(buffer.data(), shown.data(), std::min(shown.size(), buffer.size() - 1));
  if (ImGui::InputText("##value", buffer.data(), buffer.size())) {
    if (set_field_from_text(draft, field.name + "=" + without_percent(field, buffer.data())))
      texts.erase(field.name);
    else
      texts[field.name] = buffer.data();
  }
  if (refused_because_of(ui.view, draft, field)) {
    if (std::exchange(ui.view.refused_is_new, false)) ImGui::SetScrollHereY();
    show_error(ui, ui.view.refused);
  }
  if (const auto wrong = texts.find(field.name); wrong != texts.end()) {
    RunConfig trial = draft;
    const Status status =
        set_field_from_text(trial, field.name + "=" + without_percent(field, wrong->second));
    if (!status) show_error(ui, status.error().message);
  }
}

/// What is typed as a norm, if weights can have it.
std::optional<double> typed_norm(const std::string& text) {
  const std::optional<double> norm = number_from_text(text);
  return norm && check_norm(*norm) ? norm : std::nullopt;
}

/// An intervention and not a setting, so it stands beside the clamp: all weights at once to a norm.
void rescale_row(Ui& ui, const RunView& run) {
  if (!can_train(run)) return;
  const Evaluation* now = run.history == nullptr ? nullptr : run.history->last();
  const std::string norm_now = now == nullptr ? "" : "now " + pretty(now->weight_norm, 4);
  ImGui::PushID("rescale");
  ImGui::TextDisabled("Rescale weights to norm");
  std::array<char, 64> buffer{};
  std::memcpy(buffer.data(), ui.view.rescale_text.data(),
              std::min(ui.view.rescale_text.size(), buffer.size() - 1));
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - ui.px(76.0f));
  if (ImGui::InputTextWithHint("##norm", norm_now.c_str(), buffer.data(), buffer.size()))
    ui.view.rescale_text = buffer.data();
  const std::optional<double> norm = typed_norm(ui.view.rescale_text);
  ImGui::SameLine();
  ImGui::BeginDisabled(!norm);
  if (ImGui::Button("Rescale", ImVec2(-1.0f, 0.0f))) ui.actions.push_back(SendCommand{norm_rescaling(*norm)});
  ImGui::EndDisabled();
  if (ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) {
    show_tooltip(
        ui,
        "Multiplies all weights of the running training by one number, once: a jump along the L and U "
        "curves (Liu et al. 2022, Omnigrok). Nothing else changes.");
  }
  if (!norm && !ui.view.rescale_text.empty()) show_error(ui, "A norm is a number above 0 and at most 1e9.");
  ImGui::PopID();
}

/// A live setting that differs from the running training's can be given to it at once.
void change_now(Ui& ui, const RunView& run, const RunConfig& draft, const Field& field) {
  if (!field.live || !can_train(run) || field.get(draft) == field.get(*run.config)) return;
  if (ImGui::SmallButton("Change it now"))
    ui.actions.push_back(SendCommand{setting_change(field.name, field.get(draft))});
  if (ImGui::IsItemHovered())
    show_tooltip(ui,
                 "The running training goes on with this value from its next step on, without a restart.");
}

void field_row(Ui& ui, const RunView& run, RunConfig& draft, const Field& field) {
  ImGui::PushID(field.name.c_str());
  if (field.type == FieldType::boolean) {
    const FieldValue value = field.get(draft);
    bool on = std::get_if<bool>(&value) != nullptr && std::get<bool>(value);
    if (ImGui::Checkbox(field.label.c_str(), &on)) (void)set_field(draft, field.name, on);
  } else {
    ImGui::TextDisabled("%s", field.label.c_str());
    if (ImGui::IsItemHovered()) show_tooltip(ui, field.help);
    ImGui::SetNextItemWidth(-1.0f);
    if (field.type == FieldType::choice)
      choice_row(draft, field);
    else
      text_row(ui, draft, field);
  }
  if (ImGui::IsItemHovered()) {
    const std::string range = range_text(field);
    show_tooltip(ui, field.help + (range.empty() ? "" : "\n" + range) + "\n" + field.name);
  }
  change_now(ui, run, draft, field);
  ImGui::PopID();
}

/// What the sliders asked for counts before the trainer has answered: it is what they show.
RunConfig with_pending(const RunConfig& running, const ViewState& view) {
  RunConfig config = running;
  for (const auto& [name, value] : view.pending) (void)set_live_field(config, name, value);
  return config;
}

void keep_edits(const RunConfig& draft, const RunConfig& base, ViewState& view) {
  view.draft_edits.clear();
  for (const Field& field : fields()) {
    if (FieldValue value = field.get(draft); value != field.get(base))
      view.draft_edits.emplace(field.name, std::move(value));
  }
}

void rows(Ui& ui, const RunView& run, RunConfig& draft) {
  std::string_view group;
  for (const Field& field : fields()) {
    if (std::find(kOnSliders.begin(), kOnSliders.end(), field.name) != kOnSliders.end()) continue;
    if (!field_applies(field, draft)) continue;
    if (group_of(field.name) != group) {
      if (!group.empty()) ImGui::Spacing();
      group = group_of(field.name);
      push_font(semibold_font());
      ImGui::TextUnformatted(group_title(group));
      ImGui::PopFont();
    }
    field_row(ui, run, draft, field);
    if (field.name == "optimizer.clamp_norm") rescale_row(ui, run);
  }
}

}  // namespace

RunConfig drafted(const RunConfig& running, const ViewState& view) {
  RunConfig draft = with_pending(running, view);
  for (const auto& [name, value] : view.draft_edits) (void)set_field(draft, name, value);
  return draft;
}

void settings_form(Ui& ui, const RunView& run, const Rect& rect) {
  RunConfig draft = drafted(*run.config, ui.view);
  const float foot = ui.px(38.0f);
  ImGui::SetCursorScreenPos(ImVec2(rect.x, rect.y));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::BeginChild("fields", ImVec2(rect.width, std::max(ui.px(80.0f), rect.height - foot)), false);
  ImGui::PopStyleVar();
  const auto before = ui.view.draft_edits;
  rows(ui, run, draft);
  keep_edits(draft, with_pending(*run.config, ui.view), ui.view);
  if (ui.view.draft_edits != before) ui.view.refused.clear();  // it was said of something else
  const Status valid = validate(draft);
  if (!valid) show_error(ui, valid.error().message);
  const auto marked = [&](const Field& field) { return refused_because_of(ui.view, draft, field); };
  if (!ui.view.refused.empty() && std::none_of(fields().begin(), fields().end(), marked)) {
    if (std::exchange(ui.view.refused_is_new, false)) ImGui::SetScrollHereY();
    show_error(ui, ui.view.refused);
  }
  ImGui::EndChild();
  const bool usable = valid.ok() && ui.view.draft_texts.empty();
  const float top = rect.y + rect.height - ui.px(32.0f), revert = ui.px(64.0f);
  ButtonSpec apply{"Apply and restart",
                   usable   ? "Starts a new run with these settings."
                   : !valid ? valid.error().message
                            : std::string("A field above holds something that it cannot hold."),
                   usable ? ButtonLook::accent : ButtonLook::plain};
  apply.enabled = usable;
  if (button(ui, "apply", {rect.x, top, rect.width - revert - ui.px(8.0f), ui.px(32.0f)}, apply)) {
    ui.view.refused.clear();
    ui.actions.push_back(Restart{draft, true});
  }
  if (button(ui, "revert", {rect.x + rect.width - revert, top, revert, ui.px(32.0f)},
             {"Revert", "Back to the settings of this run."})) {
    ui.view.draft_edits.clear();
    ui.view.draft_texts.clear();
    ui.view.refused.clear();
  }
  ui.flush();
}

}  // namespace grokscope
