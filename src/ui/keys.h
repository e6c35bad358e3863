// The one place with key names: our own, because ImGui 1.86 has no named letter keys and 1.87 changed them.
// The window translates GLFW's codes (app/input.cpp). Any thread.
#pragma once

#include <cstdint>

namespace grokscope {

enum class Key : std::uint8_t {
  none,
  space,
  left,
  right,
  home,
  end,
  backspace,
  escape,
  enter,
  tab,
  page_up,
  page_down,
  minus,
  equal,
  slash,
  f1,
  f9,
  f11,
  digit_0,
  digit_1,
  digit_2,
  digit_3,
  digit_4,
  digit_5,
  digit_6,
  digit_7,
  digit_8,
  digit_9,
  c,
  d,
  e,
  f,
  g,
  h,
  l,
  m,
  n,
  o,
  p,
  q,
  s,
  t,
  w,
  y
};

struct Chord {
  Key key = Key::none;
  bool control = false, shift = false, alt = false;
  bool operator==(const Chord&) const = default;
};

}  // namespace grokscope
