// What the panels share: step axes that grow by decades, phase bands, intervention flags, texts for empty
// panels. Pure functions of the context; no pixels. Main thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ui/panel.h"

namespace grokscope::panel {

/// "742", "–" for what is no whole number.
std::string whole_text(double value);
/// The step at a position of a step axis, wherever that is: 0 before the first and for NaN.
std::int64_t step_at(double x);
/// "step 742".
std::string step_text(std::int64_t step);
/// An error as a sentence: with a capital letter.
std::string sentence_of(std::string_view error);
/// The step that frame was taken at.
std::string remark_of(const Frame& frame);

/// The newest frame of that probe at or before the shown step, or nullptr.
FramePtr frame_of(const PanelContext& context, std::string_view probe);
/// nullptr when the frame has no such array (or it is empty).
const Array* array_of(const Frame* frame, const std::string& name);
double scalar_of(const Frame* frame, const std::string& name);  ///< NaN if there is none
std::string text_of_frame(const Frame* frame, const std::string& name);

/// Why this panel is empty: the probe's own reason, or that it has not looked yet. "" when there is something
/// to show.
std::string why_empty(const PanelContext& context, const Frame* frame);
/// The newest look of a probe, wherever the scrubber stands; nullptr if there is none yet.
FramePtr newest_frame(const PanelContext& context, std::string_view probe);
/// False once a probe has said that there is nothing for it in this run.
bool probe_applies(const PanelContext& context, std::string_view probe);

/// Time axis: log by default, ends at the next decade with room for the future; where no step is to come, it
/// ends with the last one. `newest`: where the longest of the runs on it ends, if that is not the shown one.
Axis step_axis(const PanelContext& context, std::int64_t newest = 0);
/// Where the longest of the runs ends, those beside the shown one included.
std::int64_t newest_of_all(const PanelContext& context);
/// The end of the step axis for a run whose newest step is `newest`: grows in steps, never every frame.
/// `over`: it is the last.
double step_axis_end(std::int64_t newest, bool log_steps, bool over = false);

/// Phases up to the shown step; names only where `with_names`.
void add_phase_bands(const PanelContext& context, bool with_names, std::vector<Mark>& marks);

struct Flag {
  std::int64_t step = 0;
  std::string text;     ///< "wd → 1"
  std::string subject;  ///< see history/interventions.h
  bool waits = false;   ///< the training stands at its step: the next step is the first that knows of it
};
/// Whether the training was paused and waits at the step of its newest numbers.
bool stands_still(const History& history);
/// What was changed at or before the step, drags merged into their last value.
std::vector<Flag> flags_at(const History& history, std::int64_t step);
void add_flags(const PanelContext& context, bool with_text, std::vector<Mark>& marks);

/// Sets cursor_x and x_until from the context: every chart over steps calls it.
void share_time(const PanelContext& context, Chart& chart);

/// A line over a series with a label at its end, or nothing when the series does not exist.
struct SeriesLine {
  std::string series;  ///< "train_accuracy", "<probe>.<scalar>"
  Role role = Role::series_1;
  std::string name;        ///< "train accuracy"
  std::string short_name;  ///< at the line's end: "train"
  bool percent = false;
};
bool add_series_line(const PanelContext& context, const SeriesLine& line, std::vector<Mark>& marks);
/// The same series of the runs beside the shown one, as ghosts over their whole length. `with_label`: says at
/// its end which run it is. Goes before the lines of the shown run, so that it never covers them.
void add_ghost_lines(const PanelContext& context, const SeriesLine& line, bool with_label,
                     std::vector<Mark>& marks);

/// A ring where each lasting rise or fall began, numbered: "rise 1". None where there are more than a dozen:
/// a curve that goes up and down all the time has no stages that one could tell apart.
void add_stage_marks(const std::vector<Stage>& stages, Role role, std::vector<Mark>& marks);

/// The value of a series at or before the step; NaN if there is none.
double value_at(const Series* series, std::int64_t step);

Role series_role(std::size_t index);          ///< series_1 … series_6, round and round
std::string tap_label(std::string_view tap);  ///< "hidden.2" -> "hidden 2"
std::vector<std::string> split_names(std::string_view comma_separated);

/// The largest of 1, 2, 5 times a power of ten that is <= value, or the smallest that is >= value.
double snap_down(double value);
double snap_up(double value);

}  // namespace grokscope::panel
