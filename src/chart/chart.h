// Chart: a picture as plain data, free of pixels, fonts and OpenGL. The same chart goes to the screen
// (chart/gl), to SVG (chart/svg) and to PNG. Positions are in data units; colours are roles that a theme
// resolves. Main thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "history/series.h"

namespace grokscope {

/// What a colour means; Theme turns it into RGB. Train is blue and solid, test vermillion and dashed,
/// everywhere.
enum class Role {
  text,
  dim,
  faint,
  train,
  test,
  formerly_trained,
  norm,
  accent,
  event,
  memorising,
  plateau,
  generalising,
  done,
  series_1,
  series_2,
  series_3,
  series_4,
  series_5,
  series_6,  ///< Okabe–Ito with different dashes
  // Squares of a sheet of answers. They differ in lightness, not in hue alone: trained on and right recedes,
  // wrong lies between, right on what it never saw stands out most.
  cell_train,
  cell_once,
  cell_test,
  cell_wrong,
  // The four phases of learning (theory/learning_phase.h) as cells of a map: from dark to bright in this
  // order.
  phase_confusion,
  phase_memorisation,
  phase_grokking,
  phase_comprehension
};
/// Whose a mark is. What it measures is its colour and dash (Role); which run it is of, its lightness, its
/// width and its label: the two never mix. A ghost is paler and thinner, lies below the shown run, and its
/// label stands where that hides nothing.
enum class RunTone { shown, ghost };
enum class Dash { automatic, solid, dashed, dotted, dash_dotted };  ///< automatic: the role's own
enum class ColorMap { viridis, cividis, rdbu, twilight };           ///< rdbu: centred on 0

enum class Scale { linear, log };

/// A place of an axis with a text of its own.
struct AxisName {
  double value = 0.0;
  std::string text;
  std::string exact = {};  ///< for CSV: "0.8" where the text is "80 %"; "" = the text
};

struct Axis {
  std::string label;  ///< with the unit: "step", "weight norm ‖θ‖"; drawn at the axis' end
  Scale scale = Scale::linear;
  std::optional<double> minimum, maximum;  ///< not set: fitted to the data, growing in steps (1-2-5, decades)
  bool percent = false;                    ///< 0..1 shown as 0 % .. 100 %
  bool hidden = false;
  bool integer = false;
  /// Not empty: only these are labelled, as many as have room, evenly thinned. Ascending.
  std::vector<AxisName> names;
};

/// The ends of an axis, in data units; first > last on an axis that is turned over.
struct AxisRange {
  double first = 0, last = 1;
};
/// The part of a chart that is shown where it is not all of it.
struct ChartZoom {
  std::optional<AxisRange> x;               ///< of every plot
  std::vector<std::optional<AxisRange>> y;  ///< one a plot; those that are missing show all
};

/// A line over a Series of the history (borrowed for the frame; reduced by its pyramid) or over its own
/// samples.
struct LineMark {
  const Series* series = nullptr;
  std::vector<Sample>
      samples;  ///< used when series is null; may go back in x (a path, as on the LU portrait)
  Role role = Role::series_1;
  RunTone run = RunTone::shown;
  Dash dash = Dash::automatic;
  float width_px = 2.4f;
  std::string
      label;  ///< stands at the line's end in the line's colour: "train 100 %"; of a ghost, beside its line
  std::string name;  ///< for hover and SVG: "train accuracy"
  double opacity = 1.0;
  bool ends_at_cursor = true;  ///< draw only x <= Chart::x_until
  bool fits_axes = true;       ///< axes without ends of their own make room for it
};
/// One dot per token or sample. `hue` in 0..1 colours cyclically (equal lightness all around), NaN = role.
struct PointsMark {
  std::vector<Sample> points;
  std::vector<float> hue;
  std::vector<std::string> labels;  ///< "" = none; thinned where they would touch
  Role role = Role::series_1;
  float radius_px = 3.5f;
};
struct BarsMark {
  std::vector<Sample> bars;          ///< (x centre, height)
  std::vector<std::uint8_t> strong;  ///< 1 = key bar in the accent colour with its label on top; else quiet
  std::vector<std::string> labels;
  double width = 0.8;  ///< in x units
};
/// What stands on a cell that is large enough.
enum CellSign : std::uint8_t { no_sign = 0, dot_sign = 1, cross_sign = 2, hatch_sign = 3 };
/// A rows x columns field; row 0 on top, at y1 (y0 > y1 turns the y axis over: row 0 at y1 = -0.5 is labelled
/// 0). Exactly reduced when smaller than its cells: minimum and maximum of a block, or its rarest category.
struct FieldMark {
  std::int64_t rows = 0, columns = 0;
  std::vector<float> values;  ///< (rows, columns); NaN = empty
  ColorMap map = ColorMap::viridis;
  double low = 0.0, high = 1.0;
  bool log = false;         ///< by the logarithm of the value; what is not positive is as low
  bool bright_low = false;  ///< the map turned over
  /// When not empty, values are indices into these roles instead of a colour map.
  std::vector<Role> categories;
  std::vector<std::string> category_names;  ///< in the key below the plot; "" = not in it
  std::vector<std::uint8_t> signs;  ///< (rows, columns) what stands on the cell (CellSign); may be empty
  std::vector<std::string> texts;   ///< (rows, columns) in the cell, where it is large enough; may be empty
  bool apart = false;               ///< cells have gaps between them even where they are not square
  double x0 = 0, x1 = 1, y0 = 0, y1 = 1;
  bool grayscale = false;  ///< images: 0 black .. 1 white in any theme
};
/// What lies between two curves over the same places: a range of runs around their median.
struct AreaMark {
  std::vector<double> x, low, high;  ///< x ascending; NaN breaks it
  Role role = Role::series_1;
  double opacity = 0.18;
  std::string name;  ///< for CSV
};
/// A tinted vertical range with its name inside.
struct BandMark {
  double x0 = 0, x1 = 0;
  Role role = Role::accent;
  std::string label;
  float opacity = 0.07f;
};
/// An intervention: thin dashed line and a small filled flag, "wd → 1".
struct FlagMark {
  double x = 0;
  std::string text;
};
/// A single marked position, "now: ‖θ‖ 37.4".
struct MarkerMark {
  double x = 0, y = 0;
  Role role = Role::test;
  std::string label;
  bool hollow = false;  ///< a ring: measured at another step than the rest of the plot
};
struct NoteMark {
  double x = 0, y = 0;  ///< in axes fractions 0..1 from the lower left
  std::string text;
  Role role = Role::faint;
  double anchor = 0.5;  ///< 0 left, 0.5 centre, 1 right
};

using Mark = std::variant<BandMark, FieldMark, AreaMark, BarsMark, LineMark, PointsMark, FlagMark, MarkerMark,
                          NoteMark>;

/// What the colours of a plot mean, where they mean a number: a bar with its ends, below the plot.
struct ColorScale {
  ColorMap map = ColorMap::viridis;
  bool hues = false;  ///< the cyclic colours of PointsMark::hue instead of a map
  std::string low, high, name;
};

/// One pair of axes with its marks, drawn in order.
struct Plot {
  Axis x, y;
  std::vector<Mark> marks;
  double height_share = 1.0;
  bool equal_aspect = false;
  std::optional<ColorScale> colors;
};

/// Plots stacked under each other on one shared x axis.
struct Chart {
  std::string name;      ///< "timeline": file names, --panel
  std::string title;     ///< "Accuracy and loss"
  std::string remark;    ///< quiet, top right: the step it shows
  std::string sentence;  ///< what it says, below the title, wrapped
  std::string caption;   ///< one quiet line below the axes
  std::string hint;      ///< behind it, in a window alone: what the mouse does here
  std::string empty;     ///< non-empty: instead of axes, this sentence (why there is nothing to show)
  std::string help;      ///< tooltip: what it is; what to look for; source
  std::vector<Plot> plots;
  std::optional<double> cursor_x;  ///< the shared time cursor
  std::optional<double> x_until;   ///< lines stop here (scrubbed)
  ChartZoom zoom;
};

}  // namespace grokscope
