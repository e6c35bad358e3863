// All bytes into one descriptor, and how the system's reason becomes an error. What base's files are made of,
// not for other modules: they use files.h and output.h. Any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace grokscope {

/// All of it, also to a pipe that is slow or does not block. 0, or the errno of what went wrong; `written`,
/// if given, says how many bytes went.
int write_all(int descriptor, std::string_view bytes, std::size_t* written = nullptr);

/// "<what>: <the system's reason>: <path>".
Error file_error(std::string_view what, int error_number, std::string_view path);

}  // namespace grokscope
