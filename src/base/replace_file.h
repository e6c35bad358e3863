// One file replaced as a whole: a temporary name beside it, flush, rename. Links are not looked at: who calls
// has decided where to write. Not for other modules: they use files.h and output.h. Any thread.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

namespace grokscope {

/// A new, empty file beside `target`, opened for writing; -1 and errno if none can be made there.
struct TemporaryFile {
  std::string path;
  int descriptor = -1;
};
TemporaryFile make_temporary_beside(const std::string& target);

/// The target is the old or the whole new content, never a part. 0, or the errno of the first step that
/// failed; the temporary file is gone then.
int replace_file(TemporaryFile temporary, const std::string& target, std::string_view bytes);

}  // namespace grokscope
