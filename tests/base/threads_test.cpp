// What a thread sets up about itself.
#include "base/threads.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "failing_threads.h"

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

TEST(Threads, AThreadThatCannotStartIsASentence) {
  std::atomic<bool> worked{false};
  {
    const FewThreads few(0);
    const auto refused = start_thread("writer", [&] { worked = true; });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().exit_code(), 1);
    for (const char* part : {"'writer'", "ulimit -u", "Resource temporarily unavailable"})
      EXPECT_NE(refused.error().message.find(part), std::string::npos) << refused.error().message;
  }
  EXPECT_FALSE(worked);
  {
    const auto started = start_thread("writer", [&](const std::stop_token&) { worked = true; });
  }  // joins
  EXPECT_TRUE(worked);
}

TEST(Threads, ATrainingHasNoMoreThanAnOptionMayAskFor) {
  for (const std::int64_t good : {0, 1, kMostThreads}) EXPECT_TRUE(check_thread_count(good)) << good;
  for (const std::int64_t bad : {-1, kMostThreads + 1, 1 << 20}) EXPECT_FALSE(check_thread_count(bad)) << bad;
}

}  // namespace
}  // namespace grokscope
