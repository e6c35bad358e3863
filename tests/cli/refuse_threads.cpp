// Preloaded into the program by the tests: a system that allows REFUSE_THREADS_AFTER more threads.
#include <cstdlib>

#include "failing_threads.h"

namespace {

struct FromEnvironment {
  FromEnvironment() {
    const char* allowed = std::getenv("REFUSE_THREADS_AFTER");
    if (allowed != nullptr) grokscope::g_threads_allowed = std::atoi(allowed);
  }
} from_environment;

}  // namespace
