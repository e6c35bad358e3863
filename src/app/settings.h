// What the window remembers between two starts: $XDG_CONFIG_HOME/grokscope/settings.json. A damaged or older
// file never keeps the program from starting: what cannot be read is left at its default. Main thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "ui/view_state.h"

namespace grokscope {

struct Settings {
  std::string theme = "dark";
  double zoom = 1.0;  ///< 0.75 … 3
  int width = 1280, height = 720;
  int speed_index = 0;  ///< never "full": the next start tells the story again
  bool hint_seen = false;
  Switches switches;                     ///< those of the panels that are remembered
  std::vector<std::string> recent_runs;  ///< folders, newest first; to be looked at before they are believed
};

std::string settings_path();
Settings settings_from_text(std::string_view text);
std::string text_from_settings(const Settings& settings);
Settings load_settings(const std::string& path);
Status save_settings(const std::string& path, const Settings& settings);

void apply_settings(const Settings& settings, ViewState& view);
/// What changed in the view while the window was open.
Settings settings_of(const ViewState& view, int width, int height);

}  // namespace grokscope
