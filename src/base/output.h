// An output that a person named (-o, --plot): "-" and what leads to a descriptor of this process
// (/dev/stdout) are that stream, pipes and devices are written to, links are followed to their target. A file
// is replaced as a whole (base/files.h) and keeps mode and owner; one that a new file could not stand for
// (several names, an owner or an access list that cannot be carried over, a folder in which nothing can be
// made) is written in place, which a full disk can leave incomplete. Not for the program's own files, where
// nothing is written through a link. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace grokscope {

/// Can it be written? To be asked before the work whose result goes there. Leaves nothing behind.
Status check_output(const std::string& path);
Status write_output(const std::string& path, std::string_view bytes);

/// Can a folder of this name be made (with those above it), or be written into if it is there? Makes nothing.
Status check_output_folder(const std::string& path);

/// Whether it is this process's standard output: "-", /dev/stdout, a link to it.
bool is_standard_output(const std::string& path);
/// Whether its name says nothing about its content: standard streams, pipes, devices.
bool is_stream(const std::string& path);

}  // namespace grokscope
