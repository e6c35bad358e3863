// What this process has used so far. Any thread. Linux: read from /proc.
#pragma once

#include <cstdint>

namespace grokscope {

/// Seconds since this process was started (execve), to a hundredth; loading its libraries is included.
double process_age_s();
/// Processor seconds of all its threads.
double process_cpu_s();
/// Processor seconds of the calling thread.
double thread_cpu_s();
/// Resident memory now; 0 where /proc does not tell.
std::int64_t resident_bytes();

}  // namespace grokscope
