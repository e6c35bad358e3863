// GlfwWindow: one OpenGL 3.3 window and what the user did since the last look. Main thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ui/keys.h"

struct GLFWwindow;

namespace grokscope {

struct WindowInput {
  std::vector<Chord> chords;
  std::vector<std::string> dropped;  ///< paths
  bool any = false;                  ///< anything at all: draw a few frames
  bool mouse_pressed = false;
};

class GlfwWindow {
 public:
  static Result<std::unique_ptr<GlfwWindow>> open(int width, int height, const std::string& title);
  ~GlfwWindow();
  GlfwWindow(const GlfwWindow&) = delete;
  GlfwWindow& operator=(const GlfwWindow&) = delete;

  GLFWwindow* handle() const { return window_; }
  WindowInput take_input();
  bool should_close() const;
  bool iconified() const;
  float content_scale() const;
  void sizes(int& width, int& height, int& framebuffer_width, int& framebuffer_height) const;
  void windowed_size(int& width, int& height) const;  ///< also while in full screen
  void set_title(const std::string& title);
  void toggle_full_screen();
  void swap();

 private:
  explicit GlfwWindow(GLFWwindow* window);
  void install_callbacks();

  GLFWwindow* window_ = nullptr;
  WindowInput input_;
  int windowed_[4] = {0, 0, 1280, 720};
  bool full_screen_ = false;
};

}  // namespace grokscope
