// Starting a thread, and what a thread sets up about itself: its name, and how it computes. Any thread.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace grokscope {

/// For debuggers, TSan and top. At most 15 characters are kept: "trainer", "jobs", "writer".
void name_this_thread(std::string_view name);

/// As many threads as anything may ask of a training: an option, or a config that somebody recorded.
inline constexpr int kMostThreads = 256;
/// A usage error unless it is 0 (choose) or at most kMostThreads.
Status check_thread_count(std::int64_t threads);

/// What start_thread() says when there is no thread.
Error no_thread_error(std::string_view name, const std::error_code& why);

/// Every thread of the program begins here. `work` takes a std::stop_token or nothing; the thread is called
/// `name`. An error where the system allows no more threads (ulimit -u, a container's limit, no memory): then
/// nothing has begun. Whoever can do with fewer threads goes on without; everybody else passes the error on.
template <typename Work>
Result<std::jthread> start_thread(std::string name, Work work) {
  try {
    std::string kept = name;  // for the message
    return std::jthread([name = std::move(kept), work = std::move(work)](std::stop_token stop) mutable {
      name_this_thread(name);
      if constexpr (std::is_invocable_v<Work&, std::stop_token>) {
        work(std::move(stop));
      } else {
        work();
      }
    });
  } catch (const std::system_error& error) {
    return no_thread_error(name, error.code());
  }
}

/// The thread, or its error as a std::runtime_error: for constructors inside train/, whose exceptions end at
/// run_training().
std::jthread thread_or_throw(Result<std::jthread> started);

/// Numbers below 1e-38 (float) count as zero on the calling thread. A network that fits its training set has
/// gradients full of them, and processors handle each in microcode: a step of the one-layer transformer at
/// training loss 1e-7 took fifteen times as long. Every thread that trains calls it, so that sums agree.
void flush_denormals_to_zero();

/// The calling thread, and those that it starts from now on, give way to others: Linux niceness 0 .. 19,
/// where 19 runs only when nothing else wants the core.
void lower_this_threads_priority(int niceness = 19);

}  // namespace grokscope
