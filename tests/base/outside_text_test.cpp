// Text from outside on its way into a sentence, and numbers as people type them.
#include "base/outside_text.h"

#include <gtest/gtest.h>

#include "base/json_text.h"
#include "base/number_text.h"

namespace grokscope {
namespace {

TEST(OutsideText, ControlCharactersAreMadeVisible) {
  EXPECT_EQ(visible("plain, naïve, 日本語, a × b"), "plain, naïve, 日本語, a × b");
  EXPECT_EQ(visible("\x1b[31mred\x07"), "\\x1b[31mred\\x07");
  EXPECT_EQ(visible("two\nlines\tand\r"), "two\\nlines\\tand\\r");
  EXPECT_EQ(visible("\x7f"), "\\x7f");
  EXPECT_EQ(visible("\xc2\x9b"), "\\x9b") << "CSI as one character of Latin-1";
  EXPECT_EQ(visible("\u202eexe"), "\\u202eexe") << "turns the direction of writing";
  EXPECT_EQ(visible("a\u200bb"), "a\\u200bb");
  EXPECT_EQ(visible("\xff\xc3"), "\\xff\\xc3") << "not UTF-8";
  EXPECT_EQ(visible(std::string_view("\0", 1)), "\\x00");
}

TEST(OutsideText, IsAsLongAsASentenceCanBear) {
  EXPECT_EQ(visible("äöüß", 4), "äöüß");
  EXPECT_EQ(visible("äöüßa", 4), "äöüß…");
  EXPECT_EQ(in_quotes(std::string(1000, 'x')).size(), 60u + 2 + 3);
}

TEST(OutsideText, TellsWhetherItIsVisible) {
  EXPECT_TRUE(is_visible("a^2 + 3·b"));
  for (const char* hidden : {"\x1b", "\u202e", "\xff", "a\nb", "\xc2\x85"})
    EXPECT_FALSE(is_visible(hidden)) << hidden;
}

TEST(OutsideText, JsonErrorsQuoteNoControlCharacter) {
  const auto json = parse_json("{\"\\u001b[31m\":1,\"\\u001b[31m\":2}", "test");
  ASSERT_FALSE(json);
  EXPECT_NE(json.error().message.find("\\x1b[31m"), std::string::npos) << json.error().message;
  EXPECT_TRUE(is_visible(json.error().message));
}

TEST(NumberText, ReadsWhatPeopleWrite) {
  EXPECT_EQ(number_from_text(" 1e-3 "), 1e-3);
  EXPECT_EQ(number_from_text("+.5"), 0.5);
  EXPECT_EQ(number_from_text("-2"), -2.0);
  for (const char* wrong : {"", " ", "nan", "inf", "0x10", "1e999", "1,5", "5 %", "1e3x", "+-1", "--1"})
    EXPECT_FALSE(number_from_text(wrong)) << wrong;
}

TEST(NumberText, AWholeNumberIsOneHoweverItIsWritten) {
  EXPECT_EQ(whole_number_from_text("20000"), 20000);
  EXPECT_EQ(whole_number_from_text("2e4"), 20000);
  EXPECT_EQ(whole_number_from_text("20000.0"), 20000);
  EXPECT_EQ(whole_number_from_text("9223372036854775807"), INT64_MAX);
  for (const char* wrong : {"0.5", "1e300", "9223372036854775808", "nan"})
    EXPECT_FALSE(whole_number_from_text(wrong)) << wrong;
  EXPECT_EQ(whole_number_from_json(30.0), 30);
  EXPECT_EQ(whole_number_from_json(-3), -3);
  EXPECT_FALSE(whole_number_from_json(std::uint64_t{1} << 63));
  EXPECT_FALSE(whole_number_from_json(0.5));
  EXPECT_FALSE(whole_number_from_json("30"));
}

TEST(NumberText, TruthHasManyNames) {
  for (const char* yes : {"true", "True", "TRUE", "yes", "On", "1"})
    EXPECT_EQ(truth_from_text(yes), true) << yes;
  for (const char* no : {"false", "False", "no", "OFF", "0"}) EXPECT_EQ(truth_from_text(no), false) << no;
  for (const char* neither : {"", "2", "truth", "y"}) EXPECT_FALSE(truth_from_text(neither)) << neither;
}

}  // namespace
}  // namespace grokscope
