// What a thread sets up about itself.
#include "base/threads.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace grokscope
