#include "app/input.h"

#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ui/chart_menu.h"
#include "ui/open_sheet.h"
#include "ui/scrubber.h"
#include "ui/top_bar.h"
#include "ui/transport.h"

namespace grokscope {
namespace {

Key key_from_name(char name) {
  switch (name) {
    case '-':
      return Key::minus;
    case '=':
    case '+':
      return Key::equal;
    case '/':
      return Key::slash;
    case 'c':
      return Key::c;
    case 'f':
      return Key::f;
    case 'h':
      return Key::h;
    case 'l':
      return Key::l;
    case 'm':
      return Key::m;
    case 'n':
      return Key::n;
    case 'o':
      return Key::o;
    case 'p':
      return Key::p;
    case 'q':
      return Key::q;
    case 's':
      return Key::s;
    case 't':
      return Key::t;
    case 'w':
      return Key::w;
    case 'd':
      return Key::d;
    case 'e':
      return Key::e;
    case 'g':
      return Key::g;
    case 'y':
      return Key::y;
    default:
      return Key::none;
  }
}

Key key_from_code(int key) {
  if (key >= GLFW_KEY_0 && key <= GLFW_KEY_9)
    return static_cast<Key>(static_cast<int>(Key::digit_0) + key - GLFW_KEY_0);
  if (key >= GLFW_KEY_KP_0 && key <= GLFW_KEY_KP_9)
    return static_cast<Key>(static_cast<int>(Key::digit_0) + key - GLFW_KEY_KP_0);
  switch (key) {
    case GLFW_KEY_SPACE:
      return Key::space;
    case GLFW_KEY_LEFT:
      return Key::left;
    case GLFW_KEY_RIGHT:
      return Key::right;
    case GLFW_KEY_HOME:
      return Key::home;
    case GLFW_KEY_END:
      return Key::end;
    case GLFW_KEY_BACKSPACE:
      return Key::backspace;
    case GLFW_KEY_ESCAPE:
      return Key::escape;
    case GLFW_KEY_ENTER:
      return Key::enter;
    case GLFW_KEY_TAB:
      return Key::tab;
    case GLFW_KEY_PAGE_UP:
      return Key::page_up;
    case GLFW_KEY_PAGE_DOWN:
      return Key::page_down;
    case GLFW_KEY_F1:
      return Key::f1;
    case GLFW_KEY_F9:
      return Key::f9;
    case GLFW_KEY_F11:
      return Key::f11;
    case GLFW_KEY_MINUS:
    case GLFW_KEY_KP_SUBTRACT:
      return Key::minus;
    case GLFW_KEY_EQUAL:
    case GLFW_KEY_KP_ADD:
      return Key::equal;
    case GLFW_KEY_SLASH:
      return Key::slash;
    case GLFW_KEY_C:
      return Key::c;
    case GLFW_KEY_F:
      return Key::f;
    case GLFW_KEY_H:
      return Key::h;
    case GLFW_KEY_L:
      return Key::l;
    case GLFW_KEY_M:
      return Key::m;
    case GLFW_KEY_N:
      return Key::n;
    case GLFW_KEY_O:
      return Key::o;
    case GLFW_KEY_P:
      return Key::p;
    case GLFW_KEY_Q:
      return Key::q;
    case GLFW_KEY_S:
      return Key::s;
    case GLFW_KEY_T:
      return Key::t;
    case GLFW_KEY_W:
      return Key::w;
    case GLFW_KEY_D:
      return Key::d;
    case GLFW_KEY_E:
      return Key::e;
    case GLFW_KEY_G:
      return Key::g;
    case GLFW_KEY_Y:
      return Key::y;
    default:
      return Key::none;
  }
}

void zoom_by(ViewState& view, float factor) {
  static constexpr float kSteps[] = {0.75f, 0.9f, 1.0f, 1.1f, 1.25f, 1.5f, 1.75f, 2.0f, 2.5f, 3.0f};
  const auto nearest = std::min_element(std::begin(kSteps), std::end(kSteps), [&](float a, float b) {
    return std::abs(a - view.zoom) < std::abs(b - view.zoom);
  });
  const auto last = std::prev(std::end(kSteps));
  if (factor > 1.0f)
    view.zoom = nearest == last ? *last : *std::next(nearest);
  else
    view.zoom = nearest == std::begin(kSteps) ? *nearest : *std::prev(nearest);
}

void close_topmost(ViewState& view) {
  if (view.menu_open)
    view.close_menus = true;
  else if (view.opening.open)
    view.opening = {};
  else if (view.help_open)
    view.help_open = false;
  else if (view.keyboard_mode)
    view.keyboard_mode = false;
  else if (!view.full_panel.empty())
    view.full_panel.clear();
  else if (view.form_open)
    view.form_open = false;
  else if (view.hint_open)
    view.hint_open = false;
  else
    view.toasts.clear();
}

void forward(const RunView& run, ViewState& view, Actions& actions, std::int64_t by) {
  const bool at_end = !view.scrub_step;
  if (at_end && by == 1 && run.live && run.status->state == RunState::paused)
    step_once(run, actions);
  else
    scrub_by(run, view, by);
}

void copy_chart(const RunView& run, const ViewState& view, Actions& actions, const Tiles& tiles) {
  const Panel* panel = find_panel(tiles.hovered_panel());
  if (panel == nullptr) return;
  for (const bool large : {true, false}) {
    for (const PlacedChart& placed : panel->build(panel_context(run, view), large)) {
      if (placed.chart.name != tiles.hovered_chart()) continue;
      actions.push_back(CopyText{chart_csv(placed.chart), said_of_copied_data(placed.chart)});
      return;
    }
  }
}

}  // namespace

Key key_from_glfw(int key, const char* name) {
  if (name != nullptr && std::strlen(name) == 1) {
    if (const Key named = key_from_name(name[0]); named != Key::none) return named;
    // On this layout another letter or sign stands there.
    if ((key >= GLFW_KEY_A && key <= GLFW_KEY_Z) || key == GLFW_KEY_MINUS || key == GLFW_KEY_EQUAL ||
        key == GLFW_KEY_SLASH) {
      return Key::none;
    }
  }
  return key_from_code(key);
}

Chord chord_from_glfw(int key, const char* name, int modifiers) {
  return {key_from_glfw(key, name), (modifiers & GLFW_MOD_CONTROL) != 0, (modifiers & GLFW_MOD_SHIFT) != 0,
          (modifiers & GLFW_MOD_ALT) != 0};
}

Chord chord_from_character(unsigned character) {
  switch (character) {
    case '?':
      return {Key::slash, false, true};
    case '+':
    case '=':
      return {Key::equal};
    case '-':
    case 0x2212:  // −
      return {Key::minus};
    default:
      return {};
  }
}

bool comes_as_character(const Chord& chord) {
  const bool sign =
      chord.key == Key::equal || chord.key == Key::minus || (chord.key == Key::slash && chord.shift);
  return sign && !chord.control && !chord.alt;
}

bool belongs_to_widgets(const Chord& chord, bool typing, bool keyboard_mode) {
  if (chord.control && chord.key != Key::c) return false;
  if (typing) return !chord.alt;
  if (!keyboard_mode) return false;
  return chord.key == Key::space || chord.key == Key::enter || chord.key == Key::left ||
         chord.key == Key::right || chord.key == Key::tab;
}

void apply_shortcut(const ShortcutEntry& entry, const RunView& run, ViewState& view, Actions& actions,
                    const Tiles& tiles) {
  const bool has_data = run.history != nullptr && run.history->last() != nullptr;
  switch (entry.what) {
    case Shortcut::play_pause:
      toggle_play(run, view, actions);
      break;
    case Shortcut::step_or_forward:
      if (has_data) forward(run, view, actions, 1);
      break;
    case Shortcut::back:
      if (has_data) scrub_by(run, view, -1);
      break;
    case Shortcut::forward_fast:
      if (has_data) scrub_by(run, view, 10);
      break;
    case Shortcut::back_fast:
      if (has_data) scrub_by(run, view, -10);
      break;
    case Shortcut::first:
      if (has_data) view.scrub_step = run.history->evaluations().front().step;
      break;
    case Shortcut::follow:
      view.scrub_step.reset();
      follow_edge(view.zoomed, static_cast<double>(shown_step(run, view)));
      break;
    case Shortcut::slower:
      change_speed(run, view, actions, false);
      break;
    case Shortcut::faster:
      change_speed(run, view, actions, true);
      break;
    case Shortcut::reset:
      actions.push_back(Restart{restart_config(run, false)});
      break;
    case Shortcut::new_seed:
      actions.push_back(Restart{restart_config(run, true)});
      break;
    case Shortcut::save:
      actions.push_back(SaveAll{});
      break;
    case Shortcut::open:
      toggle_open_sheet(view, actions);
      break;
    case Shortcut::copy_data:
      copy_chart(run, view, actions, tiles);
      break;
    case Shortcut::panel_switch:
      view.switches.toggle(*entry.panel_switch);
      break;
    case Shortcut::panel_choice:
      choose_next(*entry.panel_choice, panel_context(run, view), view.choices);
      break;
    case Shortcut::theme:
      next_theme(view);
      break;
    case Shortcut::zoom_in:
      zoom_by(view, 1.1f);
      break;
    case Shortcut::zoom_out:
      zoom_by(view, 0.9f);
      break;
    case Shortcut::zoom_reset:
      view.zoom = 1.0f;
      break;
    case Shortcut::fit_charts:
      view.zoomed.clear();
      break;
    case Shortcut::full_screen:
      actions.push_back(ToggleFullScreen{});
      break;
    case Shortcut::hide_rail:
      view.rail_hidden = !view.rail_hidden;
      break;
    case Shortcut::help:
      view.help_open = !view.help_open;
      break;
    case Shortcut::escape:
      close_topmost(view);
      break;
    case Shortcut::keyboard:
      view.keyboard_mode = true;
      break;
    case Shortcut::dashboard:
      view.full_panel.clear();
      break;
    case Shortcut::quit:
      actions.push_back(Quit{});
      break;
    case Shortcut::panel:
      view.full_panel = entry.panel->name;
      break;
  }
}

}  // namespace grokscope
