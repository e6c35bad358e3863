// Mailboxes, the bounded queue and thread names.
#include <gtest/gtest.h>
#include <pthread.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "base/bounded_queue.h"
#include "base/mailbox.h"
#include "base/threads.h"

namespace grokscope {
namespace {

using namespace std::chrono_literals;

TEST(Mailbox, GivesTheNewestOnce) {
  Mailbox<std::unique_ptr<int>> box;
  EXPECT_FALSE(box.take());
  box.put(std::make_unique<int>(1));
  box.put(std::make_unique<int>(2));
  EXPECT_EQ(**box.take(), 2);
  EXPECT_FALSE(box.take());
}

TEST(BoundedQueue, KeepsOrderAndItsLimit) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.try_push(1));
  EXPECT_TRUE(queue.try_push(2));
  EXPECT_FALSE(queue.try_push(3));
  EXPECT_EQ(queue.try_pop(), 1);
  EXPECT_TRUE(queue.try_push(3));
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), 3);
  EXPECT_EQ(queue.size(), 0u);
}

std::size_t length_of(const std::string& text) {
  return text.size();
}

TEST(BoundedQueue, CountsWhatItsValuesCostNotHowManyThereAre) {
  BoundedQueue<std::string> queue(10, length_of);
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(queue.try_push("x"));
  EXPECT_TRUE(queue.has_room());
  EXPECT_TRUE(queue.try_push(std::string(100, 'y'))) << "one larger than the limit passes when there is room";
  EXPECT_EQ(queue.used(), 109u);
  EXPECT_FALSE(queue.has_room());
  EXPECT_FALSE(queue.try_push(""));
  for (int i = 0; i < 9; ++i) queue.try_pop();
  EXPECT_FALSE(queue.try_push("x")) << "the large one is still there";
  EXPECT_EQ(queue.try_pop()->size(), 100u);
  EXPECT_EQ(queue.used(), 0u);
  EXPECT_TRUE(queue.try_push("x"));
}

TEST(BoundedQueue, LosesNothingBetweenTwoThreads) {
  BoundedQueue<int> queue(3);
  constexpr int kCount = 20'000;
  std::jthread producer([&] {
    for (int i = 0; i < kCount; ++i) EXPECT_TRUE(queue.push(i));
    queue.close();
  });
  int expected = 0;
  while (const auto item = queue.pop()) ASSERT_EQ(*item, expected++);
  EXPECT_EQ(expected, kCount);
}

TEST(BoundedQueue, StopAndCloseEndTheWaiting) {
  for (int round = 0; round < 200; ++round) {  // the end comes before, at, and after the begin of the waiting
    BoundedQueue<int> queue(1);
    std::jthread reader([&](std::stop_token stop) { EXPECT_FALSE(queue.pop(stop)); });
    if (round % 2 == 1) std::this_thread::yield();
    reader.request_stop();
    reader.join();

    ASSERT_TRUE(queue.push(1));
    std::jthread writer([&] { EXPECT_FALSE(queue.push(2)); });
    if (round % 2 == 1) std::this_thread::yield();
    queue.close();
    writer.join();
    EXPECT_EQ(queue.pop(), 1) << "what was queued before the close is still there";
    EXPECT_FALSE(queue.pop());
    EXPECT_FALSE(queue.try_push(3));
  }
}

TEST(BoundedQueue, PopForGivesUp) {
  BoundedQueue<int> queue(1);
  EXPECT_FALSE(queue.pop_for(1ms));
  queue.try_push(4);
  EXPECT_EQ(queue.pop_for(1ms), 4);
}

TEST(NameThisThread, KeepsFifteenCharacters) {
  std::jthread thread([] {
    name_this_thread("a-name-that-is-too-long");
    char name[32] = {};
    pthread_getname_np(pthread_self(), name, sizeof name);
    EXPECT_STREQ(name, "a-name-that-is-");
  });
}

}  // namespace
}  // namespace grokscope
