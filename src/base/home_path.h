// "~" in a path that a person typed: a shell replaces it, a form, a settings file and `--set` do not. Any
// thread.
#pragma once

#include <string>
#include <string_view>

namespace grokscope {

/// "~" and "~/x" begin with the home folder ($HOME); all else, and everything without one, stays as it is.
std::string with_home(std::string_view path);

}  // namespace grokscope
