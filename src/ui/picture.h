// Pictures without a window: the dashboard or one panel as one scene, for PNG and SVG alike. Uses ImGui for
// the layout of controls only, in a context of its own; no OpenGL here. Main thread.
#pragma once

#include <string>

#include "base/result.h"
#include "chart/scene.h"
#include "ui/layout.h"
#include "ui/view_state.h"

namespace grokscope {

/// paper: white, without bars and controls, and without what only a window can do.
enum class PictureLook { window, paper };

struct PictureRequest {
  int width = 1280, height = 720;  ///< pixels
  float scale = 1.0f;
  std::string panel;  ///< "" = the dashboard
  std::string chart;  ///< of that panel's large view; "" = all of them
  PictureLook look = PictureLook::window;
  bool trimmed = false;  ///< of a panel: the size is the most it may have, empty margins go
};

/// What is drawn, of which run and which step, in words: for readers and for those who cannot see it.
struct PictureWords {
  std::string title, description;
};
PictureWords picture_words(const RunView& run, const ViewState& view, const PictureRequest& request);

/// The scene covers (0, 0) to (width, height), or less where it is trimmed, background included. Error:
/// unknown panel or chart.
Result<Scene> picture_scene(const RunView& run, const ViewState& view, const PictureRequest& request,
                            const MeasureText& measure);

}  // namespace grokscope
