#include "ui/shortcuts.h"

#include <algorithm>
#include <vector>

namespace grokscope {
namespace {

constexpr std::string_view kRun = "The run", kTime = "Time", kView = "The view", kFiles = "Files and help";

constexpr Chord plain(Key key) {
  return {key};
}
constexpr Chord control(Key key) {
  return {key, true};
}
constexpr Chord shift(Key key) {
  return {key, false, true};
}
constexpr Chord alt(Key key) {
  return {key, false, false, true};
}

/// What is the window's own; panels and their switches bring theirs.
const std::vector<ShortcutEntry>& own_entries() {
  static const std::vector<ShortcutEntry> entries = {
      {Shortcut::play_pause, plain(Key::space), kRun, "Play or pause"},
      {Shortcut::slower, plain(Key::minus), kRun, "Slower"},
      {Shortcut::faster, plain(Key::equal), kRun, "Faster"},
      {Shortcut::reset, plain(Key::backspace), kRun, "Start again with the same seed"},
      {Shortcut::new_seed, shift(Key::backspace), kRun, "Start again with a new seed"},
      {Shortcut::step_or_forward, plain(Key::right), kTime,
       "Forward; one single step when paused at the end"},
      {Shortcut::back, plain(Key::left), kTime, "Back"},
      {Shortcut::forward_fast, shift(Key::right), kTime, "Forward, ten looks at once"},
      {Shortcut::back_fast, shift(Key::left), kTime, "Back, ten looks at once"},
      {Shortcut::first, plain(Key::home), kTime, "To the first step"},
      {Shortcut::follow, plain(Key::end), kTime, "To the newest step, and follow it"},
      {Shortcut::follow, alt(Key::right), kTime, "To the newest step, and follow it"},
      {Shortcut::dashboard, plain(Key::digit_0), kView, "Back to the dashboard"},
      {Shortcut::escape, plain(Key::escape), kView, "Close, or back to the dashboard"},
      {Shortcut::theme, alt(Key::m), kView, "Next theme: dark, light, projector"},
      {Shortcut::zoom_in, control(Key::equal), kView, "Larger"},
      {Shortcut::zoom_in, {Key::equal, true, true}, kView, "Larger"},
      {Shortcut::zoom_out, control(Key::minus), kView, "Smaller"},
      {Shortcut::zoom_reset, control(Key::digit_0), kView, "Normal size"},
      {Shortcut::fit_charts, plain(Key::f), kView, "Every zoomed chart shows all of itself again"},
      {Shortcut::hide_rail, plain(Key::h), kView, "Hide or show the controls"},
      {Shortcut::hide_rail, plain(Key::f9), kView, "Hide or show the controls"},
      {Shortcut::full_screen, plain(Key::f11), kView, "Full screen"},
      {Shortcut::keyboard, plain(Key::tab), kView, "Reach every control with arrows and Space"},
      {Shortcut::save, control(Key::s), kFiles, "Save snapshot and picture into the run folder"},
      {Shortcut::open, control(Key::o), kFiles, "Open a file, a run folder or a recent run"},
      {Shortcut::copy_data, control(Key::c), kFiles, "Copy the data of the chart under the mouse"},
      {Shortcut::help, plain(Key::f1), kFiles, "This sheet"},
      {Shortcut::help, shift(Key::slash), kFiles, "This sheet"},
      {Shortcut::help, control(Key::slash), kFiles, "This sheet"},
      {Shortcut::quit, control(Key::q), kFiles, "Quit; the run folder stays"},
  };
  return entries;
}

std::vector<ShortcutEntry> all_entries() {
  std::vector<ShortcutEntry> all;
  for (const Panel& panel : panels()) {
    all.push_back(
        {Shortcut::panel, plain(panel.key), kView, std::string(panel.short_name) + ", full window", &panel});
  }
  for (const PanelSwitch* one : panel_switches()) {
    if (one->key != Key::none)
      all.push_back(
          {Shortcut::panel_switch, plain(one->key), kView, std::string(one->explained), nullptr, one});
  }
  for (const Panel& panel : panels()) {
    for (const PanelChoice* one : panel.choices) {
      if (one->key != Key::none)
        all.push_back({Shortcut::panel_choice, plain(one->key), kView, std::string(one->explained), &panel,
                       nullptr, one});
    }
  }
  all.insert(all.end(), own_entries().begin(), own_entries().end());
  return all;
}

std::string_view key_text(Key key) {
  switch (key) {
    case Key::none:
      return "";
    case Key::space:
      return "Space";
    case Key::left:
      return "←";
    case Key::right:
      return "→";
    case Key::home:
      return "Home";
    case Key::end:
      return "End";
    case Key::backspace:
      return "Backspace";
    case Key::escape:
      return "Esc";
    case Key::enter:
      return "Enter";
    case Key::tab:
      return "Tab";
    case Key::page_up:
      return "Page up";
    case Key::page_down:
      return "Page down";
    case Key::minus:
      return "−";
    case Key::equal:
      return "+";
    case Key::slash:
      return "/";
    case Key::f1:
      return "F1";
    case Key::f9:
      return "F9";
    case Key::f11:
      return "F11";
    case Key::digit_0:
      return "0";
    case Key::digit_1:
      return "1";
    case Key::digit_2:
      return "2";
    case Key::digit_3:
      return "3";
    case Key::digit_4:
      return "4";
    case Key::digit_5:
      return "5";
    case Key::digit_6:
      return "6";
    case Key::digit_7:
      return "7";
    case Key::digit_8:
      return "8";
    case Key::digit_9:
      return "9";
    case Key::c:
      return "C";
    case Key::f:
      return "F";
    case Key::h:
      return "H";
    case Key::l:
      return "L";
    case Key::m:
      return "M";
    case Key::n:
      return "N";
    case Key::o:
      return "O";
    case Key::p:
      return "P";
    case Key::q:
      return "Q";
    case Key::s:
      return "S";
    case Key::t:
      return "T";
    case Key::w:
      return "W";
    case Key::d:
      return "D";
    case Key::e:
      return "E";
    case Key::g:
      return "G";
    case Key::y:
      return "Y";
  }
  return "";
}

}  // namespace

std::span<const ShortcutEntry> shortcuts() {
  static const std::vector<ShortcutEntry> entries = all_entries();
  return entries;
}

const ShortcutEntry* shortcut_of(const Chord& chord) {
  const auto all = shortcuts();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const ShortcutEntry& entry) { return entry.chord == chord; });
  return found == all.end() ? nullptr : &*found;
}

std::string chord_text(const Chord& chord) {
  if (chord == Chord{Key::slash, false, true}) return "?";
  std::string text;
  if (chord.control) text += "Ctrl+";
  if (chord.alt) text += "Alt+";
  if (chord.shift) text += "Shift+";
  return text + std::string(key_text(chord.key));
}

std::string chord_text(Shortcut what) {
  for (const ShortcutEntry& entry : shortcuts()) {
    if (entry.what == what) return chord_text(entry.chord);
  }
  return {};
}

}  // namespace grokscope
