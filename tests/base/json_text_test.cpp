// Strict JSON: what is refused, and where the error points.
#include "base/json_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace grokscope {
namespace {

std::string error_of(std::string_view text, std::size_t limit = 1000) {
  const auto json = parse_json(text, "x.json", limit);
  return json ? "accepted" : json.error().message;
}

TEST(ParseJson, KeepsOrderAndValues) {
  const auto json = parse_json("{\"z\": 1, \"a\": [true, null, -2.5, \"\u00e9\"], \"m\": {}}", "x.json");
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ(text_from_json(*json), "{\"z\":1,\"a\":[true,null,-2.5,\"\u00e9\"],\"m\":{}}");
  EXPECT_EQ(json->at("z").get<int>(), 1);
}

TEST(ParseJson, RefusesARepeatedKeyAtAnyDepth) {
  EXPECT_EQ(error_of("{\"a\": 1,\n \"a\": 2}"),
            "not valid JSON at line 2, column 4: the key \"a\" appears twice: x.json");
  EXPECT_EQ(error_of("{\"b\": [{\"c\": 1, \"c\": 1}]}"),
            "not valid JSON at line 1, column 19: the key \"c\" appears twice: x.json");
  EXPECT_EQ(error_of("{\"a\": {\"a\": 1}, \"b\": {\"a\": 1}}"), "accepted");
}

TEST(ParseJson, AllowsSixtyFourLevelsAndNoMore) {
  EXPECT_EQ(error_of(std::string(64, '[') + std::string(64, ']')), "accepted");
  EXPECT_EQ(error_of(std::string(65, '[') + std::string(65, ']')),
            "not valid JSON at line 1, column 65: nested more than 64 levels deep: x.json");
}

TEST(ParseJson, RefusesWhatIsNotJsonAndSaysWhere) {
  EXPECT_EQ(error_of(""), "not valid JSON: there is nothing in it: x.json");
  EXPECT_EQ(error_of(" \n"), "not valid JSON: there is nothing in it: x.json");
  EXPECT_EQ(error_of("{} x"),
            "not valid JSON at line 1, column 4: invalid literal; last read: '{} x'; expected end of input: "
            "x.json");
  EXPECT_EQ(error_of("[1,\n\n ]"),
            "not valid JSON at line 3, column 2: unexpected ']'; expected '[', '{', or a literal: x.json");
  EXPECT_EQ(error_of("{\"\u00e9\": 1,}"),
            "not valid JSON at line 1, column 9: unexpected '}'; expected string literal: x.json");
  EXPECT_EQ(error_of("[1e999]"),
            "not valid JSON at line 1, column 7: number overflow parsing '1e999': x.json");
  for (const char* text :
       {"[NaN]", "[Infinity]", "['a']", "[01]", "[1.]", "// no\n1", "[1 2]", "{\"a\" 1}", "\"a\tb\""}) {
    EXPECT_TRUE(error_of(text).starts_with("not valid JSON at line 1, column "))
        << text << ": " << error_of(text);
  }
}

TEST(ParseJson, RefusesInvalidUtf8AndNulBytes) {
  EXPECT_EQ(error_of("[\"\xff\"]"),
            "not valid JSON at line 1, column 3: invalid string: ill-formed UTF-8 byte; last read: "
            "'\"\\xff': x.json");
  EXPECT_EQ(error_of(std::string_view("{}\0{}", 5)),
            "not valid JSON at line 1, column 3: a NUL byte: x.json");
  EXPECT_TRUE(error_of("\"\\ud800\"").starts_with("not valid JSON at line 1, column 8: "))
      << error_of("\"\\ud800\"");
}

TEST(ParseJson, RefusesWhatIsTooLarge) {
  EXPECT_EQ(error_of("[1,2,3]", 7), "accepted");
  EXPECT_EQ(error_of("[1,2,3]", 6), "JSON is larger than the limit of 6 bytes: x.json");
}

TEST(ParseJson, KeepsItsErrorsShort) {
  const std::string endless = "\"" + std::string(900, 'a');
  EXPECT_LT(error_of(endless).size(), 260u);
}

TEST(ParseJson, IsLinearInTheNumberOfKeys) {
  // 200 000 keys: a search through all of them for each would take minutes.
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":0";
  const auto json = parse_json(text + "}", "x.json");
  ASSERT_TRUE(json);
  EXPECT_EQ(json->size(), 200'000u);
}

TEST(PutNumber, WritesNullAndANoteForWhatJsonCannotSay) {
  Json json = Json::object();
  put_number(json, "a", 0.1);
  put_number(json, "b", std::nan(""));
  put_number(json, "c", -std::numeric_limits<double>::infinity());
  put_number(json, "d", std::numeric_limits<double>::infinity());
  EXPECT_EQ(text_from_json(json),
            R"({"a":0.1,"b":null,"nonfinite":["b: NaN","c: -inf","d: inf"],"c":null,"d":null})");
  EXPECT_TRUE(finite_or_null(std::nan("")).is_null());
}

TEST(TextFromJson, ReplacesInvalidUtf8AndIndents) {
  EXPECT_EQ(text_from_json(Json("a\xff")), "\"a\uFFFD\"");
  EXPECT_EQ(text_from_json(Json{{"a", 1}}, 2), "{\n  \"a\": 1\n}");
}

TEST(TextFromJson, NumbersReadBackTheSame) {
  for (const double value : {0.1, 1e-300, 3e-3, 123456789.123, 5e-324, 1.7976931348623157e308, -0.0}) {
    const auto json = parse_json(text_from_json(Json(value)), "x.json");
    EXPECT_EQ(json->get<double>(), value);
  }
}

}  // namespace
}  // namespace grokscope
