// The fast reader of metrics.jsonl against the general one: the same bits, or no answer at all.
#include "history/metrics_line.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <random>

#include "history/run_text.h"

namespace grokscope {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool same_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void expect_same(const Evaluation& a, const Evaluation& b, const std::string& line) {
  EXPECT_EQ(a.step, b.step) << line;
  EXPECT_TRUE(same_bits(a.elapsed_s, b.elapsed_s)) << line;
  for (const MetricColumn& column : metric_columns())
    EXPECT_TRUE(same_bits(column.get(a), column.get(b))) << column.name << " in " << line;
}

Evaluation random_evaluation(std::mt19937_64& random) {
  Evaluation evaluation;
  evaluation.step = static_cast<std::int64_t>(random() % 1000000);
  evaluation.elapsed_s = 1e-3 * static_cast<double>(random() % 1000000);
  for (const MetricColumn& column : metric_columns()) {
    const double any = std::bit_cast<double>(random());
    const double choices[] = {any,  Evaluation::kNan, kInfinity, -kInfinity, 0.0, 1.0,
                              -1.5, 1e-300,           12345678.0};
    column.set(evaluation, column.integer ? static_cast<double>(random() % 20000) : choices[random() % 9]);
  }
  return evaluation;
}

TEST(MetricsLine, ReadsWhatWasWrittenToTheSameBits) {
  std::mt19937_64 random(7);
  int fast = 0;
  constexpr int kLines = 2000;
  for (int i = 0; i < kLines; ++i) {
    const std::string line = line_from_evaluation(random_evaluation(random));
    const auto general = evaluation_from_line(line, "test");
    ASSERT_TRUE(general) << line;
    Evaluation read;
    if (!read_metrics_line(line, read)) continue;
    ++fast;
    expect_same(read, *general, line);
  }
  EXPECT_GT(fast, kLines * 9 / 10);  // the rest is -0 and such
}

/// One byte changed anywhere: the fast reader must refuse, or agree with the general one.
TEST(MetricsLine, NeverReadsWhatTheGeneralReaderRefuses) {
  std::mt19937_64 random(11);
  const std::string alphabet = "0123456789+-.eE{}[],:\"ainfNul tr\\\n";
  int agreed = 0;
  for (int i = 0; i < 60000; ++i) {
    std::string line = line_from_evaluation(random_evaluation(random));
    const std::size_t at = random() % line.size();
    const char with = alphabet[random() % alphabet.size()];
    switch (random() % 3) {
      case 0:
        line[at] = with;
        break;
      case 1:
        line.insert(at, 1, with);
        break;
      default:
        line.erase(at, 1 + random() % 3);
    }
    Evaluation read;
    if (!read_metrics_line(line, read)) continue;
    const auto general = evaluation_from_line(line, "test");
    ASSERT_TRUE(general) << line << ": " << general.error().message;
    expect_same(read, *general, line);
    ++agreed;
  }
  EXPECT_GT(agreed, 1000);  // changed digits
}

TEST(MetricsLine, LeavesOtherFormsToTheGeneralReader) {
  Evaluation evaluation;
  const std::string line = line_from_evaluation(evaluation);
  Evaluation read;
  EXPECT_TRUE(read_metrics_line(line, read));
  for (const std::string& other :
       {" " + line, line + " ", line.substr(0, line.size() - 1), std::string("{}"), std::string()})
    EXPECT_FALSE(read_metrics_line(other, read)) << other;
}

}  // namespace
}  // namespace grokscope
