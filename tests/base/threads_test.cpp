// What a thread sets up about itself.
#include "base/threads.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace grokscope {
namespace {

TEST(Threads, DenormalsCountAsZeroOnTheThreadThatAsksOnly) {
  volatile float tiny = 1e-30f, scale = 1e-10f;
  float asked = -1.0f;
  std::thread([&] {
    flush_denormals_to_zero();
    asked = tiny * scale;
  }).join();
  EXPECT_EQ(asked, 0.0f);
  EXPECT_GT(tiny * scale, 0.0f);
}

TEST(Threads, LoweringAPriorityIsForThatThreadAndThoseItStarts) {
  const int here = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
  int lowered = -1, inherited = -1;
  std::thread([&] {
    lower_this_threads_priority(19);
    lowered = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
    std::thread([&] { inherited = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); }).join();
  }).join();
  EXPECT_EQ(lowered, 19);
  EXPECT_EQ(inherited, 19);
  EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())), here);
}

}  // namespace
}  // namespace grokscope
