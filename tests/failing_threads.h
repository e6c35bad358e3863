// A system that allows no more threads: pthread_create of this test program counts, and refuses after so
// many. Every library of the program is refused with it. Include it in one file of a program.
#pragma once

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <climits>

namespace grokscope {

inline std::atomic<int> g_threads_allowed{INT_MAX};

/// While it lives, `allowed` more threads can be started.
class FewThreads {
 public:
  explicit FewThreads(int allowed) { g_threads_allowed = allowed; }
  ~FewThreads() { g_threads_allowed = INT_MAX; }
};

}  // namespace grokscope

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*work)(void*),
                              void* argument) {
  using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto create = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
  if (grokscope::g_threads_allowed.fetch_sub(1) <= 0) return EAGAIN;
  return create(thread, attributes, work, argument);
}
