// Known kind: what a file is that is not what was asked for, by its first bytes: so that an error can name
// the real cause. Untrusted input; torch-free. Any thread.
#pragma once

#include <string_view>

namespace grokscope {

/// "a ZIP archive: unpack it", "UTF-16 text: save it as UTF-8"; empty for everything that is not known.
std::string_view known_kind(std::string_view first_bytes);

}  // namespace grokscope
