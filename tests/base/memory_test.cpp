// What is asked before memory is taken, and how it is said.
#include "base/memory.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <new>
#include <stdexcept>
#include <string>

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

/// A folder with a proc and a sys of its own.
class OtherMachine : public ::testing::Test {
 protected:
  OtherMachine()
      : root_(std::filesystem::temp_directory_path() / ("grokscope_memory_" + std::to_string(::getpid()))) {
    put("proc/meminfo", "MemTotal: 16000 kB\nMemAvailable:    8000 kB\n");
  }
  ~OtherMachine() override { std::filesystem::remove_all(root_); }
  void put(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
  }
  std::uint64_t available() const { return available_memory_bytes(root_.string()); }

  std::filesystem::path root_;
};

TEST_F(OtherMachine, WithoutGroupsHasWhatIsAvailable) {
  EXPECT_EQ(available(), 8'192'000u);
}

TEST_F(OtherMachine, TheNarrowestUnifiedGroupAboveDecides) {
  put("proc/self/cgroup", "0::/user/inner\n");
  put("sys/fs/cgroup/user/inner/memory.max", "max\n");
  put("sys/fs/cgroup/user/inner/memory.current", "1000\n");
  EXPECT_EQ(available(), 8'192'000u) << "max is no limit";
  put("sys/fs/cgroup/user/memory.max", "5000000\n");
  put("sys/fs/cgroup/user/memory.current", "4000000\n");
  EXPECT_EQ(available(), 1'000'000u);
  put("sys/fs/cgroup/user/memory.stat", "anon 1000000\ninactive_file 3000000\n");
  EXPECT_EQ(available(), 4'000'000u) << "cached files can be dropped";
}

TEST_F(OtherMachine, OlderGroupsCountToo) {
  put("proc/self/cgroup", "9:name=systemd:/\n4:memory:/jobs/one\n0::/\n");
  put("sys/fs/cgroup/memory/jobs/one/memory.limit_in_bytes", "3000000\n");
  put("sys/fs/cgroup/memory/jobs/one/memory.usage_in_bytes", "1000000\n");
  EXPECT_EQ(available(), 2'000'000u);
}

TEST(AddressSpace, IsAskedForAndGivenBack) {
  EXPECT_TRUE(address_space_suffices("a thing", 1u << 20, "allow more"));
  const auto refused = address_space_suffices("a thing", std::uint64_t{1} << 60, "allow more");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message.find("a thing needs room for "), 0u) << refused.error().message;
  EXPECT_NE(refused.error().message.find("the system gives less (ulimit -v); allow more"), std::string::npos);
}

TEST(OutOfMemory, IsSaidInPlainWordsWhoeverRanOut) {
  const std::runtime_error torch(
      "[enforce fail at alloc_cpu.cpp:75] . DefaultCPUAllocator: can't allocate memory: you tried to "
      "allocate 4294967296 bytes.\nframe #0: ...");
  const std::runtime_error device("CUDA out of memory. Tried to allocate 20.00 GiB");
  for (const std::exception* error :
       {static_cast<const std::exception*>(&torch), static_cast<const std::exception*>(&device)}) {
    EXPECT_TRUE(is_out_of_memory(*error));
    EXPECT_EQ(reason_of(*error).find("there is not enough memory: lower model.width"), 0u);
    EXPECT_EQ(reason_of(*error).find("llocat"), std::string::npos) << reason_of(*error);
  }
  EXPECT_TRUE(is_out_of_memory(std::bad_alloc()));
  EXPECT_EQ(reason_of(std::runtime_error("size mismatch\nframe #0")), "size mismatch");
}

}  // namespace
}  // namespace grokscope
