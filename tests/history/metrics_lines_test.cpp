// Whole files of metrics, read on several cores: the same values as line by line, and nothing for a file with
// a flaw.
#include "history/metrics_lines.h"

#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <string>

#include "history/history.h"
#include "history/run_text.h"

namespace grokscope {
namespace {

/// About ten megabytes: enough that it is cut.
std::string long_record(std::int64_t lines = 40'000) {
  std::string text;
  for (std::int64_t i = 0; i < lines; ++i) {
    Evaluation e;
    e.step = 10 * i;
    e.train_loss = 1.0 / static_cast<double>(i + 1);
    e.test_accuracy = i % 7 == 3 ? Evaluation::kNan : 0.25;
    e.train_count = i;
    text += line_from_evaluation(e) + "\n";
  }
  return text;
}

TEST(MetricsLines, ReadsALongRecordInOrder) {
  const std::string text = long_record();
  ASSERT_GT(text.size(), std::size_t{8} << 20) << "two parts at least";
  const auto all = read_metrics_lines(text);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 40'000u);
  for (std::size_t i = 0; i < all->size(); ++i) {
    ASSERT_EQ((*all)[i].step, static_cast<std::int64_t>(10 * i));
    ASSERT_EQ((*all)[i].train_loss, 1.0 / static_cast<double>(i + 1));
    ASSERT_EQ(std::isnan((*all)[i].test_accuracy), i % 7 == 3);
  }
}

TEST(MetricsLines, AFlawAnywhereLeavesTheFileToTheCarefulReader) {
  const std::string good = long_record();
  const auto line_at = [&](std::size_t share) { return good.find('\n', good.size() / 100 * share) + 1; };
  for (const std::size_t share : {10u, 50u, 51u, 90u}) {
    std::string damaged = good;
    damaged[line_at(share)] = '[';
    EXPECT_FALSE(read_metrics_lines(damaged)) << share;
    std::string twice = good;
    const std::size_t begin = line_at(share), end = good.find('\n', begin) + 1;
    twice.insert(begin, good.substr(begin, end - begin));
    EXPECT_FALSE(read_metrics_lines(twice)) << "a step that comes twice at " << share;
  }
  EXPECT_FALSE(read_metrics_lines(good.substr(0, good.size() - 1))) << "torn";
  const auto lines = metrics_from_text(good.substr(0, good.size() - 20), "metrics.jsonl");
  ASSERT_TRUE(lines);
  EXPECT_EQ(lines->values.size(), 39'999u);
  EXPECT_NE(lines->repair, "");
}

TEST(MetricsLines, AColumnThatEarlierVersionsDidNotWriteStaysUnknown) {
  Evaluation e;
  e.train_loss = 0.5;
  e.test_loss = Evaluation::kNan;  // its note stands before the column in question
  e.test_accuracy = e.unmirrored_test_accuracy = 0.25;
  const std::string line = line_from_evaluation(e), column = "\"unmirrored_test_accuracy\":0.25,";
  ASSERT_NE(line.find(column), std::string::npos) << line;
  std::string old = line;
  old.erase(old.find(column), column.size());
  const auto now = read_metrics_lines(line + "\n"), before = read_metrics_lines(old + "\n");
  ASSERT_TRUE(now && before) << "read at once, not line by line";
  EXPECT_EQ(now->front().unmirrored_test_accuracy, 0.25);
  EXPECT_TRUE(std::isnan(before->front().unmirrored_test_accuracy));
  EXPECT_EQ(before->front().test_accuracy, 0.25);
  EXPECT_EQ(before->front().train_count, e.train_count);
  const auto careful = evaluation_from_line(old, "x");
  ASSERT_TRUE(careful);
  EXPECT_TRUE(std::isnan(careful->unmirrored_test_accuracy));
}

TEST(MetricsLines, AHistoryOfManyAtOnceIsThatOfOneAfterTheOther) {
  const auto all = read_metrics_lines(long_record(60'000));
  ASSERT_TRUE(all);
  History at_once{RunConfig{}}, one_by_one{RunConfig{}};
  at_once.append(std::span<const Evaluation>(*all));
  for (const Evaluation& e : *all) one_by_one.append(e);
  for (const MetricColumn& column : metric_columns()) {
    const Series &a = *at_once.series(column.name), &b = *one_by_one.series(column.name);
    ASSERT_EQ(a.size(), b.size()) << column.name;
    const MinMax left = a.summarize(17, 54'321), right = b.summarize(17, 54'321);
    EXPECT_EQ(left.count, right.count);
    EXPECT_EQ(left.minimum, right.minimum) << column.name;
    EXPECT_EQ(left.maximum, right.maximum) << column.name;
    EXPECT_EQ(left.broken, right.broken) << column.name;
  }
  EXPECT_EQ(at_once.generation(), one_by_one.generation());
}

}  // namespace
}  // namespace grokscope
