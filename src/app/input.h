// Keys from GLFW to chords, and what each shortcut does to the view and the run. Main thread.
#pragma once

#include "ui/dashboard.h"
#include "ui/shortcuts.h"

namespace grokscope {

/// `name` is glfwGetKeyName(): letters and signs follow the user's keyboard layout; nullptr for keys without
/// one.
Key key_from_glfw(int key, const char* name);
Chord chord_from_glfw(int key, const char* name, int modifiers);

/// What a typed character means, on whatever key and with whatever modifiers it stands; none: nothing.
Chord chord_from_character(unsigned character);
/// Such a chord is taken from the character that comes with the key, and not from the key.
bool comes_as_character(const Chord& chord);

/// While typing into a field, plain keys belong to it; in keyboard mode, Space, Enter and arrows belong to
/// the controls.
bool belongs_to_widgets(const Chord& chord, bool typing, bool keyboard_mode);

void apply_shortcut(const ShortcutEntry& entry, const RunView& run, ViewState& view, Actions& actions,
                    const Tiles& tiles);

}  // namespace grokscope
