#include "app/glfw_window.h"

#include <GLFW/glfw3.h>
#include <stb_image.h>
#include <algorithm>

#include <utility>

#include "app/input.h"
#include "assets/embedded.h"

namespace grokscope {
namespace {

WindowInput& input_of(GLFWwindow* window) {
  return *static_cast<WindowInput*>(glfwGetWindowUserPointer(window));
}

void on_key(GLFWwindow* window, int key, int scancode, int action, int modifiers) {
  WindowInput& input = input_of(window);
  input.any = true;
  if (action == GLFW_RELEASE) return;
  Chord chord = chord_from_glfw(key, glfwGetKeyName(key, scancode), modifiers);
  if (chord.key != Key::none && !comes_as_character(chord)) input.chords.push_back(chord);
}

void on_character(GLFWwindow* window, unsigned code) {
  input_of(window).any = true;
  const Chord chord = chord_from_character(code);
  if (chord.key != Key::none) input_of(window).chords.push_back(chord);
}

void on_drop(GLFWwindow* window, int count, const char** paths) {
  WindowInput& input = input_of(window);
  input.any = true;
  for (int i = 0; i < count; ++i) input.dropped.emplace_back(paths[i]);
}

void touch(GLFWwindow* window) {
  input_of(window).any = true;
}

/// The embedded icons; a desktop that wants none ignores them.
void set_icon(GLFWwindow* window) {
  std::vector<GLFWimage> images;
  for (const char* name : {"icon/grokscope-32.png", "icon/grokscope-48.png", "icon/grokscope-128.png"}) {
    const EmbeddedAsset* asset = find_embedded_asset(name);
    if (asset == nullptr) continue;
    GLFWimage image{};
    int channels = 0;
    image.pixels = stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(asset->bytes.data()),
                                         static_cast<int>(asset->bytes.size()), &image.width, &image.height,
                                         &channels, 4);
    if (image.pixels != nullptr) images.push_back(image);
  }
  if (!images.empty()) glfwSetWindowIcon(window, static_cast<int>(images.size()), images.data());
  for (const GLFWimage& image : images) stbi_image_free(image.pixels);
}

std::string last_glfw_error() {
  const char* text = nullptr;
  return glfwGetError(&text) == GLFW_NO_ERROR || text == nullptr ? std::string("no reason given")
                                                                 : std::string(text);
}

/// No larger than what the first monitor has room for; no monitor known: as wanted.
void fit_into_monitor(int& width, int& height) {
  GLFWmonitor* monitor = glfwGetPrimaryMonitor();
  if (monitor == nullptr) return;
  int x = 0, y = 0, most_width = 0, most_height = 0;
  glfwGetMonitorWorkarea(monitor, &x, &y, &most_width, &most_height);
  if (most_width > 0) width = std::min(width, most_width);
  if (most_height > 0) height = std::min(height, most_height);
}

}  // namespace

Result<std::unique_ptr<GlfwWindow>> GlfwWindow::open(int width, int height, const std::string& title) {
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "grokscope");
  glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "grokscope");
  fit_into_monitor(width, height);
  GLFWwindow* window = glfwCreateWindow(width, height, title.c_str(), nullptr, nullptr);
  if (window == nullptr) {
    return failure("cannot open a window with OpenGL 3.3 (" + last_glfw_error() +
                   "); try LIBGL_ALWAYS_SOFTWARE=1, or train without a window: grokscope run");
  }
  glfwMakeContextCurrent(window);
  glfwSwapInterval(1);
  set_icon(window);
  glfwSetWindowSizeLimits(window, 480, 320, GLFW_DONT_CARE, GLFW_DONT_CARE);
  return std::unique_ptr<GlfwWindow>(new GlfwWindow(window));
}

GlfwWindow::GlfwWindow(GLFWwindow* window) : window_(window) {
  install_callbacks();
}

GlfwWindow::~GlfwWindow() {
  glfwDestroyWindow(window_);
}

void GlfwWindow::install_callbacks() {
  glfwSetWindowUserPointer(window_, &input_);
  glfwSetKeyCallback(window_, on_key);
  glfwSetCharCallback(window_, on_character);
  glfwSetDropCallback(window_, on_drop);
  glfwSetMouseButtonCallback(window_, [](GLFWwindow* window, int, int action, int) {
    touch(window);
    if (action == GLFW_PRESS) input_of(window).mouse_pressed = true;
  });
  glfwSetCursorPosCallback(window_, [](GLFWwindow* window, double, double) { touch(window); });
  glfwSetCursorEnterCallback(window_, [](GLFWwindow* window, int) { touch(window); });
  glfwSetScrollCallback(window_, [](GLFWwindow* window, double, double) { touch(window); });
  glfwSetWindowSizeCallback(window_, [](GLFWwindow* window, int, int) { touch(window); });
  glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* window, int, int) { touch(window); });
  glfwSetWindowRefreshCallback(window_, touch);
  glfwSetWindowFocusCallback(window_, [](GLFWwindow* window, int) { touch(window); });
  glfwSetWindowContentScaleCallback(window_, [](GLFWwindow* window, float, float) { touch(window); });
  glfwSetWindowIconifyCallback(window_, [](GLFWwindow* window, int) { touch(window); });
  glfwSetWindowCloseCallback(window_, touch);
}

WindowInput GlfwWindow::take_input() {
  return std::exchange(input_, WindowInput{});
}

bool GlfwWindow::should_close() const {
  return glfwWindowShouldClose(window_) != 0;
}

bool GlfwWindow::iconified() const {
  return glfwGetWindowAttrib(window_, GLFW_ICONIFIED) != 0;
}

float GlfwWindow::content_scale() const {
  float x = 1.0f, y = 1.0f;
  glfwGetWindowContentScale(window_, &x, &y);
  return x > 0.25f && x < 8.0f ? x : 1.0f;
}

void GlfwWindow::sizes(int& width, int& height, int& framebuffer_width, int& framebuffer_height) const {
  glfwGetWindowSize(window_, &width, &height);
  glfwGetFramebufferSize(window_, &framebuffer_width, &framebuffer_height);
}

void GlfwWindow::windowed_size(int& width, int& height) const {
  if (full_screen_) {
    width = windowed_[2];
    height = windowed_[3];
  } else {
    glfwGetWindowSize(window_, &width, &height);
  }
}

void GlfwWindow::set_title(const std::string& title) {
  glfwSetWindowTitle(window_, title.c_str());
}

void GlfwWindow::toggle_full_screen() {
  if (full_screen_) {
    glfwSetWindowMonitor(window_, nullptr, windowed_[0], windowed_[1], windowed_[2], windowed_[3],
                         GLFW_DONT_CARE);
    full_screen_ = false;
    return;
  }
  GLFWmonitor* monitor = glfwGetPrimaryMonitor();
  const GLFWvidmode* mode = monitor == nullptr ? nullptr : glfwGetVideoMode(monitor);
  if (mode == nullptr) return;
  glfwGetWindowPos(window_, &windowed_[0], &windowed_[1]);
  glfwGetWindowSize(window_, &windowed_[2], &windowed_[3]);
  glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
  full_screen_ = true;
}

void GlfwWindow::swap() {
  glfwSwapBuffers(window_);
}

}  // namespace grokscope
