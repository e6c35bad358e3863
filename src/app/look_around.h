// What the sheet that opens files shows of the disk: the names in a folder, and which of the runs that are
// remembered are still there. Waits for the disk: never on the window's thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "ui/view_state.h"

namespace grokscope {

struct LookedAround {
  std::string folder;              ///< as it was typed
  std::vector<std::string> names;  ///< sorted, folders first and with "/" behind; empty: it cannot be read
  std::vector<RecentRun> recent;
};
/// `folder`: "" or what ends in "/"; "~" is the home folder.
Result<LookedAround> look_around(const std::string& folder, std::vector<RecentRun> recent);

}  // namespace grokscope
