// What is asked before memory is taken, and how it is said.
#include "base/memory.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace grokscope {
namespace {

TEST(Memory, IsKnownAndWithinTheLimitOfTheProcess) {
  ASSERT_GT(available_memory_bytes(), 1u << 20);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_AS, &before), 0);
  std::ifstream pages_file("/proc/self/statm");
  std::uint64_t pages = 0;
  ASSERT_TRUE(pages_file >> pages);
  constexpr std::uint64_t kRoom = 64u << 20;
  const rlimit small{pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) + kRoom, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &small), 0);
  const std::uint64_t left = available_memory_bytes();
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &before), 0);
  EXPECT_LE(left, kRoom);
}

TEST(Memory, IsSaidInTwoDigits) {
  EXPECT_EQ(text_of_bytes(999), "999 bytes");
  EXPECT_EQ(text_of_bytes(1'000), "1.0 kB");
  EXPECT_EQ(text_of_bytes(52'400'000), "52 MB");
  EXPECT_EQ(text_of_bytes(999'600'000), "1.0 GB");
  EXPECT_EQ(text_of_bytes(5'240'000'000), "5.2 GB");
}

TEST(Memory, WhatDoesNotFitIsSaidWithBothNumbers) {
  EXPECT_TRUE(memory_suffices("the set of images", 10, "take a smaller one", 10));
  EXPECT_EQ(memory_suffices("the set of images", 5'200'000'000, "take a smaller one", 1'900'000'000)
                .error()
                .message,
            "the set of images needs 5.2 GB of memory, but only 1.9 GB are free; take a smaller one");
}

}  // namespace
}  // namespace grokscope
