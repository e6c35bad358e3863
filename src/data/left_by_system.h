// What operating systems leave beside somebody's files: AppleDouble (._name), .DS_Store, __MACOSX, Thumbs.db.
// No data set holds them, so no reader looks at them. Header-only. Any thread.
#pragma once

#include <string_view>

namespace grokscope {

inline bool is_left_by_system(std::string_view file_name) {
  return file_name.starts_with("._") || file_name == ".DS_Store" || file_name == "__MACOSX" ||
         file_name == "Thumbs.db" || file_name == "desktop.ini";
}

}  // namespace grokscope
