// Which files are the record of a run: what nothing but the run itself may write. Any thread.
#pragma once

#include <string>

namespace grokscope {

/// The run folder to whose record a file of this path belongs or would belong, links followed; "" if to none.
/// What else lies in a run folder (snapshot.json, pictures) is no part of its record.
std::string record_that_holds(const std::string& path);

}  // namespace grokscope
