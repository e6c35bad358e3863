// What waits for a disk beside the window: nobody waits with it, what comes of it is told on the asking
// thread, an exception is an error, the end finishes what was begun.
#include "app/background_work.h"

#include <gtest/gtest.h>

#include <future>
#include <new>
#include <optional>
#include <stdexcept>
#include <vector>

#include "base/tally.h"

namespace grokscope {
namespace {

TEST(BackgroundWork, ADiskThatStallsHoldsNobody) {
  Tally news;
  std::promise<void> disk_answers;
  std::optional<std::thread::id> told_on;
  BackgroundWork files("files", news.adder());
  files.add<Status>(
      "save it",
      [answers = disk_answers.get_future().share()] {
        answers.wait();
        return Status();
      },
      [&](const Status& saved) {
        EXPECT_TRUE(saved);
        told_on = std::this_thread::get_id();
      });
  EXPECT_FALSE(files.deliver()) << "here the window draws on";
  EXPECT_EQ(files.open(), 1u);
  disk_answers.set_value();
  news.wait_for(1);
  EXPECT_FALSE(told_on) << "not on the thread that waited";
  EXPECT_TRUE(files.deliver());
  EXPECT_EQ(told_on, std::this_thread::get_id());
  EXPECT_EQ(files.open(), 0u);
}

TEST(BackgroundWork, AnExceptionIsAnErrorAndTheNextOneIsDone) {
  Tally news;
  std::vector<std::string> told;
  BackgroundWork files("files", news.adder());
  const auto tell = [&](const Result<int>& outcome) {
    told.push_back(outcome ? std::to_string(*outcome) : outcome.error().message);
  };
  files.add<Result<int>>(
      "open it", []() -> Result<int> { throw std::bad_alloc(); }, tell);
  files.add<Result<int>>(
      "open it", []() -> Result<int> { throw std::runtime_error("no"); }, tell);
  files.add<Result<int>>(
      "open it", []() -> Result<int> { return failure("cannot"); }, tell);
  files.add<Result<int>>(
      "open it", []() -> Result<int> { return 4; }, tell);
  news.wait_for(4);
  EXPECT_TRUE(files.deliver());
  EXPECT_EQ(told, (std::vector<std::string>{"cannot open it: there is not enough memory",
                                            "cannot open it: no", "cannot", "4"}));
}

TEST(BackgroundWork, TheEndFinishesWhatWasBegun) {
  int done = 0;
  {
    BackgroundWork files("files", {});
    for (int i = 0; i < 20; ++i) {
      files.add<Status>(
          "save it", [&] { return ++done, Status(); },
          [](const Status&) { ADD_FAILURE() << "nobody is there any more"; });
    }
  }
  EXPECT_EQ(done, 20);
}

}  // namespace
}  // namespace grokscope
