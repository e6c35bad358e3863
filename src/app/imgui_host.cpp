#include "app/imgui_host.h"

#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>

namespace grokscope {

ImGuiHost::ImGuiHost(GLFWwindow* window) {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // nothing is written to the current folder
  io.LogFilename = nullptr;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  io.MouseDoubleClickTime = 0.6f;  // measured between frames, of which a software driver draws few
  ImGui_ImplGlfw_InitForOpenGL(window, true);
  ImGui_ImplOpenGL3_Init("#version 330 core");
}

ImGuiHost::~ImGuiHost() {
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext();
}

void ImGuiHost::set_look(const Theme& theme, float scale) {
  if (!styled_ || scale != scale_ || theme.type_step_px != type_step_) {
    const UiFonts fonts = load_fonts(*ImGui::GetIO().Fonts, theme, scale);
    ImGui::GetIO().FontDefault = fonts.regular;
#if IMGUI_VERSION_NUM < 19200
    // Newer backends upload textures by themselves.
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
  }
  if (!styled_ || scale != scale_ || theme.kind != kind_) apply_style(theme, scale);
  styled_ = true;
  scale_ = scale;
  type_step_ = theme.type_step_px;
  kind_ = theme.kind;
}

void ImGuiHost::begin_frame(bool keyboard_mode) {
  ImGuiIO& io = ImGui::GetIO();
  if (keyboard_mode)
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  else
    io.ConfigFlags &= ~ImGuiConfigFlags_NavEnableKeyboard;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  ImGui::NewFrame();
  // A pixel of background in every frame: a software driver compiles the shader that widgets need at its
  // first use, and would wait with it (and the window with it) for the dynamic loader while LibTorch is
  // loaded.
  const Color back = theme(kind_).background;
  ImGui::GetBackgroundDrawList()->AddRectFilled({0.0f, 0.0f}, {1.0f, 1.0f},
                                                IM_COL32(back.r, back.g, back.b, 255));
}

void ImGuiHost::render() {
  ImGui::Render();
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

}  // namespace grokscope
