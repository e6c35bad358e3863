// The terminal behind standard error: whether its cursor can be moved, and how large it is just then. Main
// thread.
#pragma once

namespace grokscope {

struct TerminalSize {
  int columns = 80, rows = 24;  ///< the usual, where the terminal does not say
};
TerminalSize terminal_size();

/// A terminal, and TERM is set and not dumb.
bool can_draw_on_terminal();

}  // namespace grokscope
