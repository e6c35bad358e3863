// The progress line fits whatever width there is, and gives up what matters least first.
#include "app/progress_bar.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace grokscope {
namespace {

int columns_of(const std::string& text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

ProgressFacts full() {
  return {.step = 123'456,
          .last_step = 1'000'000,
          .steps_per_second = 1234.0,
          .train_accuracy = 1.0,
          .test_accuracy = 0.34};
}

TEST(ProgressLine, FitsEveryWidth) {
  for (const ProgressFacts& facts :
       {full(), ProgressFacts{}, ProgressFacts{.step = 1, .last_step = 1'000'000'000}}) {
    for (int columns = 1; columns <= 300; ++columns)
      EXPECT_LE(columns_of(progress_line(facts, columns)), columns) << columns;
  }
}

TEST(ProgressLine, GivesUpTheRateTheTrainAccuracyAndTheTimeLeftFirst) {
  const std::string wide = progress_line(full(), 199);
  EXPECT_EQ(wide.find("███░"), 0u) << wide;
  EXPECT_NE(wide.find("step 123\u2009456 of 1\u2009000\u2009000 · 1\u2009234 steps/s · ETA 11 min 50 s · "
                      "train 100 % · test 34 %"),
            std::string::npos)
      << wide;
  const std::string usual = progress_line(full(), 79);
  EXPECT_EQ(usual.find("steps/s"), std::string::npos) << usual;
  EXPECT_NE(usual.find("ETA 11 min 50 s · train 100 % · test 34 %"), std::string::npos) << usual;
  EXPECT_EQ(progress_line(full(), 19), "12 % · test 34 %");
  EXPECT_EQ(progress_line(full(), 9), "test 34 %");
  EXPECT_EQ(progress_line(full(), 4), "test");
}

TEST(ProgressLine, ABarTakesWhatIsLeftIfThatIsEnough) {
  const ProgressFacts half{.step = 50, .last_step = 100};
  EXPECT_EQ(progress_line(half, 23), "████░░░░ step 50 of 100");
  EXPECT_EQ(progress_line(half, 22), "step 50 of 100");
  EXPECT_EQ(columns_of(progress_line(half, 300)), 24 + 1 + 14);
}

TEST(ProgressLine, OfASweepFitsToo) {
  const SweepFacts facts{.ended = 37, .all = 288, .runs_per_second = 0.5};
  for (int columns = 1; columns <= 200; ++columns) {
    EXPECT_LE(columns_of(progress_line(facts, columns)), columns) << columns;
    EXPECT_LE(columns_of(progress_line(SweepFacts{}, columns)), columns) << columns;
  }
  const std::string wide = progress_line(facts, 120);
  EXPECT_NE(wide.find("run 37 of 288 · 0.5 runs/s · ETA 8 min 22 s"), std::string::npos) << wide;
  EXPECT_NE(progress_line(facts, 40).find("ETA"), std::string::npos);
  EXPECT_EQ(progress_line(facts, 40).find("runs/s"), std::string::npos);
}

}  // namespace
}  // namespace grokscope
