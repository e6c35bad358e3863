// Every shortcut, once: the F1 sheet, the tooltips and the key handling read this list. Main thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ui/keys.h"
#include "ui/panel.h"

namespace grokscope {

enum class Shortcut {
  play_pause,
  step_or_forward,
  back,
  forward_fast,
  back_fast,
  first,
  follow,
  slower,
  faster,
  reset,
  new_seed,
  save,
  open,
  copy_data,
  theme,
  zoom_in,
  zoom_out,
  zoom_reset,
  fit_charts,
  full_screen,
  hide_rail,
  help,
  escape,
  keyboard,
  panel,         ///< one entry a panel, with the key of its row
  panel_switch,  ///< one a switch of panels that has a key
  panel_choice,  ///< one a choice of panels that has a key
  dashboard,
  quit
};

struct ShortcutEntry {
  Shortcut what;
  Chord chord;
  std::string_view group;                     ///< heading on the F1 sheet
  std::string text;                           ///< what it does, sentence case
  const Panel* panel = nullptr;               ///< of Shortcut::panel
  const PanelSwitch* panel_switch = nullptr;  ///< of Shortcut::panel_switch
  const PanelChoice* panel_choice = nullptr;  ///< of Shortcut::panel_choice
};

std::span<const ShortcutEntry> shortcuts();
/// The entry for that chord, or nullptr; entries with more modifiers are other chords, so no match is
/// ambiguous.
const ShortcutEntry* shortcut_of(const Chord& chord);
/// "Ctrl+S", "Shift+Backspace"; the first chord of that shortcut.
std::string chord_text(Shortcut what);
std::string chord_text(const Chord& chord);

}  // namespace grokscope
