// A system that allows no more threads: pthread_create of this test program counts those that live, and
// refuses when there are so many, as the kernel does. Every library of the program is refused with it.
// Include it in one file of a program.
#pragma once

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <memory>

namespace grokscope {

inline std::atomic<int> g_threads_allowed{INT_MAX / 2};  ///< that may still begin; one more when one ends

/// While it lives, `allowed` more threads can be started.
class FewThreads {
 public:
  explicit FewThreads(int allowed) { g_threads_allowed = allowed; }
  ~FewThreads() { g_threads_allowed = INT_MAX / 2; }
};

struct CountedThread {
  void* (*work)(void*);
  void* argument;
};

inline void* run_counted(void* counted) {
  const std::unique_ptr<CountedThread> thread(static_cast<CountedThread*>(counted));
  void* const result = thread->work(thread->argument);
  g_threads_allowed.fetch_add(1);
  return result;
}

}  // namespace grokscope

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*work)(void*),
                              void* argument) {
  using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto create = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
  if (grokscope::g_threads_allowed.fetch_sub(1) <= 0) {
    grokscope::g_threads_allowed.fetch_add(1);
    return EAGAIN;
  }
  auto counted = std::make_unique<grokscope::CountedThread>(grokscope::CountedThread{work, argument});
  const int refused = create(thread, attributes, grokscope::run_counted, counted.get());
  if (refused == 0) {
    counted.release();  // run_counted() has it
  } else {
    grokscope::g_threads_allowed.fetch_add(1);
  }
  return refused;
}
