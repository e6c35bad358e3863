// Slider: a track and a knob, the value at the right; log scales with an exact zero, typed numbers after a
// double click, arrows when focused. The math is separate from the mouse so that tests can hold it. Main
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ui/ui.h"

namespace grokscope {

struct SliderRange {
  double minimum = 0.0, maximum = 1.0;
  bool log_scale =
      false;  ///< with minimum <= 0: exactly 0 at the left end, then four decades up to the maximum
};

/// 0..1 along the track.
double share_from_value(const SliderRange& range, double value);
/// Rounded so that the value reads well: two significant digits on log scales, a two-hundredth of a linear
/// range.
double value_from_share(const SliderRange& range, double share);

struct SliderSpec {
  std::string label;
  std::string value_text;
  std::string tooltip;
  std::string note;      ///< quiet line under the track
  bool warns = false;    ///< the note says what is wrong
  bool percent = false;  ///< shown in per cent, and typed so
  SliderRange range;
  double lowest = -1e300, highest = 1e300;  ///< what may be typed: the setting's whole range
  double value = 0.0;
  Color color;
  bool enabled = true;
  bool typable = true;
};
/// What the user does to it in this frame. Whether the knob is held is said in every frame and no end of a
/// drag is ever announced: one that nobody sees (let go outside of the window, the slider gone meanwhile)
/// ends too.
struct SliderInput {
  std::optional<double> value;  ///< dragged or typed to
  bool held = false;            ///< by the mouse
  int tabbed = 0;               ///< Tab: 1, Shift+Tab: -1; the next one is to be typed into
};

/// What was typed into a slider: a number as everywhere (base/number_text.h), or "60 %". Where per cent are
/// shown, what is above 1 is per cent without the sign.
struct TypedValue {
  std::optional<double> value;
  std::string wrong;  ///< why there is none: one sentence
};
TypedValue typed_value(std::string_view text, const SliderSpec& spec);
/// The slider of that id is typed into from the next frame on, beginning with its value.
void type_into(ViewState& view, const std::string& id);

/// Height it takes at that scale.
float slider_height(const Ui& ui, const SliderSpec& spec);
SliderInput slider(Ui& ui, const char* id, const Rect& rect, const SliderSpec& spec);

}  // namespace grokscope
