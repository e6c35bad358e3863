// What -o, --output, --plot and --out name: looked at before the work, so that nothing is trained or drawn
// for a place that cannot take it. Main thread.
#pragma once

#include <cstdio>
#include <string>

#include "base/result.h"

namespace grokscope {

/// Can it be written, and is it no part of the record of a run? Leaves nothing behind; write_output()
/// (base/output.h) writes it.
Status check_named_output(const std::string& path);

/// `option` names a folder: its absolute path, if it can be made or written into. "-" is none.
Result<std::string> named_folder(const std::string& option, const std::string& path);

/// Where the text for a person goes when an output is written as well: standard output, unless that is the
/// output.
std::FILE* text_stream(const std::string& output);

}  // namespace grokscope
