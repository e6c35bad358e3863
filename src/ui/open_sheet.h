// The sheet that opens files and runs by their path, with completion and the recent runs. It names what it
// wants to know of the disk as actions; the window looks. Main thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ui/ui.h"

namespace grokscope {

/// Opens the sheet, or closes it.
void toggle_open_sheet(ViewState& view, Actions& actions);
void open_sheet(Ui& ui, const Rect& window);

/// What is typed up to its last "/" with it: the folder that it is in; "" is the folder the program runs in.
std::string_view folder_of_typed(std::string_view text);
/// The names that what is typed can become; hidden ones only when asked for by a dot.
std::vector<std::string> fitting_names(const OpenSheet& sheet);
/// What is typed, as far as all of these names agree.
std::string completed(const OpenSheet& sheet);

}  // namespace grokscope
