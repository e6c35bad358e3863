#include "ui/imgui_style.h"

#include <cmath>
#include <string>

#include "assets/embedded.h"

namespace grokscope {
namespace {

#if IMGUI_VERSION_NUM >= 19090
constexpr ImGuiCol kTabChosen = ImGuiCol_TabSelected;
#else
constexpr ImGuiCol kTabChosen = ImGuiCol_TabActive;
#endif

/// An ImGui size is ascent minus descent; a type size is the em. Inter: 1.21, JetBrains Mono: 1.32.
constexpr float kInterLine = 1.2102f, kMonoLine = 1.32f;

const ImWchar* glyph_ranges() {
  static const ImWchar ranges[] = {0x0020, 0x017F, 0x0370, 0x03FF, 0x1D43, 0x1D6A, 0x2000, 0x2027, 0x2030,
                                   0x205E, 0x2070, 0x209C, 0x2100, 0x214F, 0x2190, 0x21FF, 0x2200, 0x22FF,
                                   0x2303, 0x2325, 0x25A0, 0x25FF, 0x2713, 0x2717, 0};
  return ranges;
}

ImFont* add_source(ImFontAtlas& atlas, const char* name, float size_px, bool merges) {
  const EmbeddedAsset* asset = find_embedded_asset(std::string("fonts/") + name + ".otf");
  if (asset == nullptr) asset = find_embedded_asset(std::string("fonts/") + name + ".ttf");
  if (asset == nullptr) asset = find_embedded_asset(std::string("fonts/") + name);
  if (asset == nullptr) return merges ? nullptr : atlas.AddFontDefault();
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.OversampleH = 2;
  config.OversampleV = 1;
  config.MergeMode = merges;
  // ImGui takes the bytes as non-const but only reads them.
  return atlas.AddFontFromMemoryTTF(const_cast<char*>(asset->bytes.data()),
                                    static_cast<int>(asset->bytes.size()), std::floor(size_px + 0.5f),
                                    &config, glyph_ranges());
}

/// The signs that a face lacks (⊥) come from the other one, as in the charts (chart/fonts.h).
ImFont* add_font(ImFontAtlas& atlas, const char* name, float em_px, bool is_mono) {
  ImFont* font = add_source(atlas, name, em_px * (is_mono ? kMonoLine : kInterLine), false);
  if (is_mono)
    add_source(atlas, "Inter-Regular", em_px * kInterLine, true);
  else
    add_source(atlas, "JetBrainsMono-Regular", em_px * kMonoLine, true);
  return font;
}

}  // namespace

UiFonts load_fonts(ImFontAtlas& atlas, const Theme& theme, float scale) {
  atlas.Clear();
  atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
  UiFonts fonts;
  const float text = (13.0f + theme.type_step_px) * scale, small = (12.0f + theme.type_step_px) * scale;
  fonts.regular = add_font(atlas, "Inter-Regular", text, false);
  fonts.semibold = add_font(atlas, "Inter-SemiBold", text, false);
  fonts.mono = add_font(atlas, "JetBrainsMono-Regular", small, true);
  return fonts;
}

ImVec4 imgui_color(Color color) {
  return ImVec4(color.r / 255.0f, color.g / 255.0f, color.b / 255.0f, color.a / 255.0f);
}

ImFont* semibold_font() {
  const ImVector<ImFont*>& fonts = ImGui::GetIO().Fonts->Fonts;
  return fonts.Size > 1 ? fonts[1] : ImGui::GetFont();
}

void push_font(ImFont* font) {
#if IMGUI_VERSION_NUM >= 19200
  ImGui::PushFont(font, 0.0f);
#else
  ImGui::PushFont(font);
#endif
}

void apply_style(const Theme& theme, float scale) {
  ImGuiStyle style;
  style.WindowPadding = ImVec2(12, 10);
  style.FramePadding = ImVec2(8, 5);
  style.ItemSpacing = ImVec2(8, 6);
  style.ItemInnerSpacing = ImVec2(8, 4);
  style.WindowRounding = style.PopupRounding = 8.0f;
  style.ChildRounding = 0.0f;
  style.FrameRounding = style.GrabRounding = 6.0f;
  style.ScrollbarRounding = 6.0f;
  style.ScrollbarSize = 9.0f;
  style.WindowBorderSize = style.PopupBorderSize = 1.0f;
  style.FrameBorderSize = theme.kind == ThemeKind::dark ? 0.0f : 1.0f;
  style.ScaleAllSizes(scale);
  const auto set = [&](ImGuiCol slot, Color color) { style.Colors[slot] = imgui_color(color); };
  set(ImGuiCol_Text, theme.text);
  set(ImGuiCol_TextDisabled, theme.dim);
  set(ImGuiCol_WindowBg, theme.background);
  set(ImGuiCol_ChildBg, Color{0, 0, 0, 0});
  set(ImGuiCol_PopupBg, theme.panel);
  set(ImGuiCol_Border, theme.line);
  set(ImGuiCol_FrameBg, theme.control);
  set(ImGuiCol_FrameBgHovered, theme.control_hover);
  set(ImGuiCol_FrameBgActive, theme.control_hover);
  set(ImGuiCol_Button, theme.control);
  set(ImGuiCol_ButtonHovered, theme.control_hover);
  set(ImGuiCol_ButtonActive, theme.line);
  set(ImGuiCol_Header, theme.control);
  set(ImGuiCol_HeaderHovered, theme.control_hover);
  set(ImGuiCol_HeaderActive, theme.line);
  set(ImGuiCol_CheckMark, theme.accent);
  set(ImGuiCol_Tab, theme.panel);
  set(ImGuiCol_TabHovered, theme.control_hover);
  set(kTabChosen, theme.control);
  set(ImGuiCol_Separator, theme.line);
  set(ImGuiCol_ScrollbarBg, Color{0, 0, 0, 0});
  set(ImGuiCol_ScrollbarGrab, theme.control_hover);
  set(ImGuiCol_ScrollbarGrabHovered, theme.line);
  set(ImGuiCol_ScrollbarGrabActive, theme.line);
  set(ImGuiCol_TextSelectedBg, Color{theme.accent.r, theme.accent.g, theme.accent.b, 90});
  set(ImGuiCol_ModalWindowDimBg, Color{theme.background.r, theme.background.g, theme.background.b, 160});
  ImGui::GetStyle() = style;
}

}  // namespace grokscope
