#include "base/threads.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace grokscope {

void name_this_thread(std::string_view name) {
  // The kernel keeps 16 bytes with the terminator and refuses longer names instead of cutting them.
  pthread_setname_np(pthread_self(), std::string(name.substr(0, 15)).c_str());
}

Status check_thread_count(std::int64_t threads) {
  if (threads >= 0 && threads <= kMostThreads) return {};
  return usage_error("a training cannot have " + std::to_string(threads) + " threads: 0 chooses, " +
                     std::to_string(kMostThreads) + " are the most");
}

Error no_thread_error(std::string_view name, const std::error_code& why) {
  return failure(
      "cannot start the thread '" + std::string(name) + "' (" + why.message() +
      "): the system allows no more threads; end other programs, or raise the limit (ulimit -u, or "
      "the container's)");
}

std::jthread thread_or_throw(Result<std::jthread> started) {
  if (!started) throw std::runtime_error(started.error().message);
  return std::move(*started);
}

void flush_denormals_to_zero() {
#if defined(__SSE2__)
  constexpr unsigned kFlushResults = 0x8000, kInputsAreZero = 0x0040;
  _mm_setcsr(_mm_getcsr() | kFlushResults | kInputsAreZero);
#elif defined(__aarch64__)
  std::uint64_t control = 0;
  asm volatile("mrs %0, fpcr" : "=r"(control));
  asm volatile("msr fpcr, %0" : : "r"(control | (std::uint64_t{1} << 24)));  // FZ
#endif
}

void lower_this_threads_priority(int niceness) {
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);  // Linux: of one thread; refused: no harm
}

}  // namespace grokscope
