// What a thread sets up about itself: its name, and how it computes. Any thread.
#pragma once

#include <string_view>

namespace grokscope {

/// For debuggers, TSan and top. At most 15 characters are kept: "trainer", "jobs", "writer".
void name_this_thread(std::string_view name);

/// Numbers below 1e-38 (float) count as zero on the calling thread. A network that fits its training set has
/// gradients full of them, and processors handle each in microcode: a step of the one-layer transformer at
/// training loss 1e-7 took fifteen times as long. Every thread that trains calls it, so that sums agree.
void flush_denormals_to_zero();

/// The calling thread, and those that it starts from now on, give way to others: Linux niceness 0 .. 19,
/// where 19 runs only when nothing else wants the core.
void lower_this_threads_priority(int niceness = 19);

}  // namespace grokscope
