// The window: GLFW, OpenGL 3.3 and Dear ImGui around the dashboard. Draws only when something changed. Main
// thread.
#pragma once

#include <optional>
#include <string>

#include "app/window_measure.h"
#include "config/run_config.h"
#include "contract/ports.h"
#include "ui/view_state.h"

namespace grokscope {

/// What run_window returns when there is no display to open a window on; the command line then trains without
/// one.
inline constexpr int kNoDisplay = -1;

struct WindowOptions {
  TrainerOptions
      trainer;      ///< device, threads; the speed is the window's own (paced, or what was last chosen)
  std::string out;  ///< run folder; "" = a new one in the XDG data folder
  std::string recorded_run;            ///< look at this run folder, or file in one, instead of training
  std::string sweep;                   ///< show this sweep beside it: its folder, or a plan
  std::optional<ShowStudy> study;      ///< open the panel Theory with it, beside a run that has not begun
  std::string plan;                    ///< train this plan of the program behind the run
  std::string theme;                   ///< "" = the remembered one
  bool remember = true;                ///< read and write the settings file
  bool full_speed = false;             ///< this time, whatever choice is remembered
  std::optional<MeasureGoal> measure;  ///< for `bench`: close by itself and print one line of JSON
};

/// Opens the window and trains `config` at once; returns when it is closed: 0, 1 on failure, or kNoDisplay.
int run_window(const RunConfig& config, const WindowOptions& options);

/// Whether a display answers, without opening a window.
bool display_available();

}  // namespace grokscope
