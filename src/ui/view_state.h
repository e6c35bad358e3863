// What the window shows besides the run itself, and what a user can ask for. Plain data: the same dashboard
// draws a live session, a recorded run and a picture without a window. Main thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "chart/theme.h"
#include "config/run_config.h"
#include "session/session.h"
#include "ui/chart_zoom.h"
#include "ui/other_runs.h"
#include "ui/panel_choice.h"
#include "ui/panel_switch.h"
#include "ui/sweep_view.h"
#include "ui/theory_view.h"

namespace grokscope {

/// The run as the dashboard sees it; borrowed for one frame.
struct RunView {
  const History* history = nullptr;
  const RunConfig* config = nullptr;
  const SessionStatus* status = nullptr;
  const RunFacts* facts = nullptr;  ///< nullptr before the trainer knows
  bool live = true;                 ///< false: recorded
  std::string run_path;
  std::span<const OtherRun> others = {};  ///< ghosts beside it
  const SweepView* sweep = nullptr;       ///< beside it; nullptr: none
  const TheoryView* theory = nullptr;     ///< nullptr: nothing was computed
};
/// Every view of a session is made here.
RunView view_of(const Session& session);

/// Whether there is a training that commands can reach.
bool can_train(const RunView& run);

/// Whether no run was begun or opened: what is shown is computed.
inline bool has_no_run(const RunView& run) {
  return !run.live && run.run_path.empty();
}

/// Whether no step will follow.
bool is_over(const RunView& run);

struct Toast {
  std::string text;
  bool error = false;
  double until_s = 0.0;    ///< on the dashboard's clock
  std::string copies;      ///< what its button puts into the clipboard; "": it has none
  std::string copy_label;  ///< "Copy path"
  bool at_left = false;    ///< of the panels: away from where the mouse was
};

/// The number being typed into a slider, if any.
struct TypedNumber {
  std::string slider;  ///< its id, "" = none
  char text[48] = "";
  bool fresh = false;  ///< not focused yet
  std::string wrong;   ///< why what was entered does not do
};

/// Opening by a path (Ctrl+O). The disk is looked at by the window's own thread for files.
struct OpenSheet {
  bool open = false;
  bool at_end = false;             ///< the caret is to go behind what is typed
  bool fresh = false;              ///< not focused yet
  std::string text;                ///< what is typed
  std::string folder;              ///< whose names are listed, as typed up to its last "/"
  std::vector<std::string> names;  ///< in it, folders with "/" behind
  std::string wrong;               ///< why what was entered could not be opened
};

/// A run folder that was opened or made before.
struct RecentRun {
  std::string path;
  std::string label;   ///< "quickstart, seed 0, 3 000 steps"; "" before it was looked at
  bool there = false;  ///< looked at: it is a run
};

/// A mouse button that went down on a chart and is not up yet.
struct ChartDrag {
  std::string chart;  ///< zoom_key()
  std::size_t plot = 0;
  Point from;        ///< in pixels of the tile
  bool box = false;  ///< frames what to zoom into; otherwise the picture is moved
  bool right_button = false;
  bool moved = false;                ///< farther than a click shakes
  std::vector<PlotTransform> drawn;  ///< as the chart was then
};

/// Everything a user can change about the view; nothing here touches the numbers of a run.
struct ViewState {
  ThemeKind theme = ThemeKind::dark;
  float zoom = 1.0f;                                   ///< 0.75 … 3
  std::optional<std::int64_t> scrub_step;              ///< nullopt: following live
  Switches switches;                                   ///< of the panels
  Choices choices;                                     ///< of the panels
  std::string full_panel;                              ///< "" = the dashboard
  std::map<std::string, theory::StudyValues> studies;  ///< of the panel Theory: values that were moved
  bool form_open = false;
  bool help_open = false;
  bool hint_open = false;      ///< the three things to try
  bool hint_in_rail = false;   ///< this frame
  bool hint_had_room = false;  ///< in the rail, once: it does not move over a panel later
  bool menu_open = false;      ///< a menu or list, as of the last frame
  bool close_menus = false;    ///< asked for; done at the next frame
  bool rail_hidden = false;
  bool rail_open = false;            ///< in a window where only its buttons have room beside the panels
  bool keyboard_mode = false;        ///< Tab was pressed: arrows and Space belong to the controls
  int speed_index = 0;               ///< into speed_choices()
  std::optional<double> hover_step;  ///< shared cursor
  ZoomedCharts zoomed;               ///< charts that do not show all of themselves
  std::optional<ChartDrag> drag;
  std::map<std::string, FieldValue> draft_edits;   ///< what the form changed and nobody applied yet
  std::map<std::string, std::string> draft_texts;  ///< fields whose typed text does not parse yet
  std::string rescale_text;                        ///< the norm typed for "rescale the weights"
  std::map<std::string, double>
      pending;         ///< live fields moved by a slider and not yet answered by the trainer
  std::string moving;  ///< of those: whose knob is held, in this frame
  TypedNumber typing;
  float slider_grab_px = 0.0f;   ///< mouse minus knob while a knob is dragged
  float slider_press_px = 0.0f;  ///< where the mouse was pressed
  bool slider_moved = false;     ///< since then, or it was pressed beside the knob
  std::string refused;           ///< why the form's settings could not be started
  bool refused_is_new = false;   ///< not seen yet
  OpenSheet opening;
  std::vector<RecentRun> recent;  ///< newest first
  std::vector<Toast> toasts;
  std::map<std::string, float> toast_heights_px;  ///< as they were drawn last
};

/// What the dashboard asks the window to do after the frame.
struct SendCommand {
  Command command;
};
struct Restart {
  RunConfig config;
  bool from_form = false;  ///< the form is closed when it has started, and says why it could not
};
/// Go on with the shown run from its end, in its folder.
struct TrainOn {};
struct OpenPath {
  std::string path;  ///< as typed: "~" is the home folder
};
/// Name what lies in the folder of the path that is being typed, and look at the recent runs.
struct LookAround {};
struct SaveAll {};
struct SaveChart {
  std::string panel, chart;
  bool svg = false;
  bool window_look = false;  ///< in the window's theme; else for paper
};
struct CopyText {
  std::string text, said;  ///< said: the toast
};
/// Train the reduced landscape behind the run, or stop doing so.
struct ToggleLandscape {};
/// Train a plan behind the run: one of the program, or settings of the shown run to vary.
struct StartSweep {
  std::string plan;
  std::vector<std::string> fields;  ///< where `plan` is ""
};
/// Stop the sweep, or go on with it.
struct ToggleSweep {};
/// Show a run of the sweep at the step where it generalised.
struct OpenSweepRun {
  std::size_t run = 0;
};
/// Open the panel Theory with a study and these values.
struct ShowStudy {
  std::string study;
  theory::StudyValues values;
};
/// Fit the shown study to the shown run.
struct FitStudy {};
struct ToggleFullScreen {};
struct Quit {};
using Action = std::variant<SendCommand, Restart, TrainOn, OpenPath, LookAround, SaveAll, SaveChart, CopyText,
                            ToggleLandscape, Choose, StartSweep, ToggleSweep, OpenSweepRun, ShowStudy,
                            FitStudy, ToggleFullScreen, Quit>;
using Actions = std::vector<Action>;

/// Dark, light, projector, and round again.
void next_theme(ViewState& view);

/// The step that is shown: where the scrubber stands, or the newest.
std::int64_t shown_step(const RunView& run, const ViewState& view);

/// Speeds of the slider and of the - and = keys, slow to fast.
struct SpeedChoice {
  const char* label;
  double steps_per_second;  ///< as in SetSpeed: negative = paced, 0 = full
};
const std::vector<SpeedChoice>& speed_choices();
int full_speed_index();  ///< the last of them

}  // namespace grokscope
