#include "base/home_path.h"

#include <cstdlib>

namespace grokscope {

std::string with_home(std::string_view path) {
  const bool at_home = path == "~" || path.starts_with("~/");
  const char* home = std::getenv("HOME");
  if (!at_home || home == nullptr || *home != '/') return std::string(path);
  return home + std::string(path.substr(1));
}

}  // namespace grokscope
