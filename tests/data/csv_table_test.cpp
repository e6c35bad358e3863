// Truth tables: both layouts, RFC 4180, order of symbols, and every error with its whole text.
#include "data/formats/csv_table.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

namespace grokscope {
namespace {

using Symbols = std::vector<std::string>;

std::string text_of_table(const TruthTable& table) {
  std::string text;
  for (const auto& entry : table.entries) {
    text += table.tokens[static_cast<std::size_t>(entry.a)] + "," +
            table.tokens[static_cast<std::size_t>(entry.b)] + "=" +
            table.classes[static_cast<std::size_t>(entry.answer)] + ";";
  }
  return text;
}

std::string pairs_of(const std::string& csv) {
  const auto table = truth_table_from_csv(csv, "t.csv");
  return table.ok() ? text_of_table(*table) : table.error().message;
}

std::string table_error(const std::string& csv) {
  const auto table = truth_table_from_csv(csv, "t.csv");
  if (table.ok()) return "no error: " + text_of_table(*table);
  EXPECT_EQ(table.error().blame, Blame::usage);
  return table.error().message;
}

TEST(CsvTable, ListWithAndWithoutHeader) {
  const std::string expected = "0,0=0;0,1=1;1,0=1;1,1=0;";
  EXPECT_EQ(pairs_of("a,b,answer\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"), expected);
  EXPECT_EQ(pairs_of("0,0,0\n0,1,1\n1,0,1\n1,1,0"), expected);
  EXPECT_EQ(pairs_of("left,right,sum\n0,0,0\n0,1,1\n1,0,1\n1,1,0"), expected);
  EXPECT_EQ(pairs_of("e,e,e\ne,g,g\ng,e,g\ng,g,e\n"), "e,e=e;e,g=g;g,e=g;g,g=e;")
      << "symbols are not a header";
}

TEST(CsvTable, Matrix) {
  EXPECT_EQ(pairs_of(",0,1\n0,0,1\n1,1,0\n"), "0,0=0;0,1=1;1,0=1;1,1=0;");
  EXPECT_EQ(pairs_of("a\\b,0,1\n0,0,1\n1,1,0\n"), "0,0=0;0,1=1;1,0=1;1,1=0;");
  EXPECT_EQ(pairs_of("*,x,y,z\nr,1,2,\ns,,3,1\n"), "r,x=1;r,y=2;s,y=3;s,z=1;")
      << "an empty cell is no such pair";
}

TEST(CsvTable, QuotesByteOrderMarkAndLineEnds) {
  EXPECT_EQ(pairs_of("\xEF\xBB\xBF"
                     "\"x, y\",\"say \"\"hi\"\"\",1\r\n\r\n q , r\t,2\r\n"),
            "q,r=2;x, y,say \"hi\"=1;");
  EXPECT_EQ(pairs_of("0,0,0\r0,1,1\r"), "0,0=0;0,1=1;") << "a lone carriage return ends a row, too";
  EXPECT_EQ(pairs_of(" \"0\" ,0,0\n0,1,\"1\""), "0,0=0;0,1=1;");
}

TEST(CsvTable, SymbolsStandInNaturalOrder) {
  const auto table = truth_table_from_csv("10,r10,0\n9,r2,1\n-1,r2,x\n1.5,r2,1\n", "t.csv");
  ASSERT_TRUE(table.ok()) << table.error().message;
  EXPECT_EQ(table->tokens, (Symbols{"-1", "1.5", "9", "10", "r2", "r10"}));
  EXPECT_EQ(table->classes, (Symbols{"0", "1", "x"}));
}

TEST(CsvTable, NaturalLessIsAStrictOrder) {
  Symbols symbols = {"",    "0",  "00",  "1",    "01", "1.0", "-1", "1e3",  "a",     "a0",  "a00", "a1",
                     "a01", "a2", "a10", "a10b", "b",  "B",   "é",  "r1s2", "r01s2", "inf", "nan", "9x"};
  for (const auto& x : symbols) {
    EXPECT_FALSE(natural_less(x, x)) << x;
    for (const auto& y : symbols) {
      if (x != y) {
        EXPECT_NE(natural_less(x, y), natural_less(y, x)) << x << " and " << y;
      }
      for (const auto& z : symbols) {
        const bool chain = natural_less(x, y) && natural_less(y, z);
        EXPECT_TRUE(!chain || natural_less(x, z)) << x << ' ' << y << ' ' << z;
      }
    }
  }
}

TEST(CsvTable, ErrorsNameRowColumnAndContent) {
  EXPECT_EQ(table_error(""), "the table is empty: write rows of a, b, answer: t.csv");
  EXPECT_EQ(table_error("\n\n"), "the table is empty: write rows of a, b, answer: t.csv");
  EXPECT_EQ(table_error("0 0 0\n0 1 1\n"),
            "row 1 of the table, '0 0 0', has a single column: separate the cells with commas, semicolons or "
            "tabs: t.csv");
  EXPECT_EQ(
      table_error("0,0,0\n\n0,1\n"),
      "row 3 of the table, which begins with '0', has 2 cells where 3 are needed (a, b, answer): t.csv");
  EXPECT_EQ(table_error("0,0,0\n0,1,\n"),
            "row 2, column 3 of the table, '', is empty: a list needs the answer in every row: t.csv");
  EXPECT_EQ(table_error("0,0,0\n,1,1\n"),
            "row 2, column 1 of the table, '', is empty: a list needs a in every row: t.csv");
  EXPECT_EQ(table_error("0,0,0\n1,1,1\n0,0,1\n"),
            "row 3, column 3 of the table, '1', answers the pair '0', '0' that row 1 answered '0': keep one "
            "of the two: t.csv");
  EXPECT_EQ(table_error("0,0,0\n1,1,1\n0,0,0\n"),
            "row 3, column 3 of the table, '0', answers the pair '0', '0' that row 1 answered '0': remove "
            "one of the two: "
            "t.csv");
  EXPECT_EQ(table_error("0,0,7\n0,1,7\n"),
            "every answer of the table is '7': there is nothing to learn: t.csv");
  EXPECT_EQ(table_error("0,0,7\n"), "the table has fewer than two pairs: there is nothing to split: t.csv");
}

TEST(CsvTable, ErrorsOfAMatrix) {
  const std::string taken =
      " (its 3 columns were taken for a matrix; a list needs a header with the columns a, b, answer): t.csv";
  EXPECT_EQ(
      table_error("\\,0,1\n0,0\n"),
      "row 2 of the table, which begins with '0', has 2 cells where 3 are needed (like the header): t.csv")
      << "the corner says that it is a matrix: no doubt is cast on that";
  EXPECT_EQ(
      table_error(",0,1\n0,0\n"),
      "row 2 of the table, which begins with '0', has 2 cells where 3 are needed (like the header)" + taken);
  EXPECT_EQ(
      table_error(",0,1\n,0,1\n"),
      "row 2, column 1 of the table, '', is empty: every row of a matrix begins with its value of a" + taken);
  EXPECT_EQ(
      table_error(",0,\n0,0,1\n"),
      "row 1, column 3 of the table, '', is empty: every column of a matrix begins with its value of b" +
          taken);
  EXPECT_EQ(table_error(",0,0\n0,0,1\n"),
            "row 1, column 3 of the table, '0', repeats the name of an earlier column" + taken);
  EXPECT_EQ(table_error(",0,1\n0,0,1\n0,1,1\n"),
            "row 3, column 1 of the table, '0', repeats the name of an earlier row" + taken);
}

TEST(CsvTable, ErrorsOfTheText) {
  EXPECT_EQ(table_error("0,0,0\n0,\"1,1\n"),
            "row 2, column 2 of the table, '1,1\\n', opens a quote that is never closed: t.csv");
  EXPECT_EQ(table_error("0,0,0\n0,\"1\"x,1\n"),
            "row 2, column 2 of the table, '1', has text after its closing quote; write a quote inside "
            "quotes twice: t.csv");
  EXPECT_EQ(table_error("0,0,0\n0,\xFF,1\n"),
            "row 2, column 2 of the table, '\\xff', is not UTF-8 text; save the table as UTF-8: t.csv");
  EXPECT_EQ(
      table_error("0,0,0\n0,\"a\nb\",1\n"),
      "row 2 of the table: the symbol 'a\\nb' contains a tab or a line break; use names of one line: t.csv");
  EXPECT_EQ(table_error("0,0,0\n0," + std::string(65, 'x') + ",1\n"),
            "row 2 of the table: the symbol '" + std::string(40, 'x') +
                "…' is longer than 64 bytes; use short names: t.csv");
  EXPECT_EQ(table_error("\xFF\xFE"
                        "a\0,\0"),
            "this is no table of text: it is UTF-16 text: save it as UTF-8: t.csv");
}

// What a + b mod 3 looks like in the files of spreadsheets and data frames.
std::string sums_with(const std::string& header, const std::function<std::string(int, int, int, int)>& row) {
  std::string text = header;
  for (int i = 0; i < 9; ++i) text += row(i, i / 3, i % 3, (i / 3 + i % 3) % 3) + "\n";
  return text;
}

const std::string kSums = "0,0=0;0,1=1;0,2=2;1,0=1;1,1=2;1,2=0;2,0=2;2,1=0;2,2=1;";

std::string reading_of(const std::string& csv) {
  const auto table = truth_table_from_csv(csv, "t.csv");
  return table.ok() ? table->reading : table.error().message;
}

TEST(CsvTable, TheIndexOfADataFrameIsNoValueOfA) {
  const auto with_index = [](int i, int a, int b, int c) { return fmt::format("{},{},{},{}", i, a, b, c); };
  EXPECT_EQ(pairs_of(sums_with(",a,b,answer\n", with_index)), kSums);
  EXPECT_EQ(pairs_of(sums_with("Unnamed: 0,first,second,sum\n", with_index)), kSums)
      << "names that say nothing, behind rows that are counted";
  EXPECT_EQ(
      reading_of(sums_with(",a,b,answer\n", with_index)),
      "a list: a is column 2, 'a'; b is column 3, 'b'; the answer is column 4, 'answer'; column 1 is passed "
      "over; 9 pairs, 3 symbols, 3 answers; cells parted by commas");
}

TEST(CsvTable, ColumnsAreFoundByTheirNames) {
  const auto four = [](int, int a, int b, int c) { return fmt::format("{},+,{},{}", a, b, c); };
  EXPECT_EQ(pairs_of(sums_with("a,op,b,answer\n", four)), kSums);
  const auto turned = [](int, int a, int b, int c) { return fmt::format("{},{},{}", c, b, a); };
  EXPECT_EQ(pairs_of(sums_with("Result,Right,Left\n", turned)), kSums);
  EXPECT_EQ(table_error("a,op,b,answer\n0,+,1,1\n0,-,1,2\n"),
            "row 3, column 4 of the table, '2', answers the pair '0', '1' that row 2 answered '1': the other "
            "columns of a list are passed over: t.csv");
  EXPECT_EQ(
      table_error("u,op,v,w\n0,+,0,0\n0,+,1,1\n"),
      "row 3, column 1 of the table, '0', repeats the name of an earlier row (its 4 columns were taken for "
      "a matrix; a list needs a header with the columns a, b, answer): t.csv");
}

TEST(CsvTable, SpreadsheetsWriteBlankRowsTabsAndSeparatorLines) {
  const auto comma = [](int, int a, int b, int c) { return fmt::format("{},{},{}", a, b, c); };
  EXPECT_EQ(pairs_of(sums_with("a,b,answer\n", comma) + ",,\n,,\n\n"), kSums);
  EXPECT_EQ(pairs_of("\r\n,,\r\n" + sums_with("a,b,answer\n", comma)), kSums);
  const auto wider = [](int, int a, int b, int c) { return fmt::format("{},{},{},,", a, b, c); };
  EXPECT_EQ(pairs_of(sums_with("a,b,answer,,\n", wider)), kSums) << "columns in which nothing stands";
  const auto tab = [](int, int a, int b, int c) { return fmt::format("{}\t{}\t{}", a, b, c); };
  EXPECT_EQ(pairs_of(sums_with("a\tb\tanswer\n", tab)), kSums);
  const auto semicolon = [](int, int a, int b, int c) { return fmt::format("{};{};{}", a, b, c); };
  EXPECT_EQ(pairs_of(sums_with("sep=;\r\na;b;answer\n", semicolon)), kSums);
  EXPECT_EQ(pairs_of(sums_with("sep=,\na,b,answer\n", comma)), kSums);
  EXPECT_EQ(pairs_of("\t0\t1\n0\t0\t1\n1\t\t0\n"), "0,0=0;0,1=1;1,1=0;") << "a matrix with an empty corner";
  EXPECT_EQ(reading_of("\t0\t1\n0\t0\t1\n1\t\t0\n"),
            "a matrix: 2 rows of a, 2 columns of b; 3 pairs, 2 symbols, 2 answers; cells parted by tabs");
}

TEST(CsvTable, Limits) {
  EXPECT_EQ(table_error(std::string((16u << 20) + 1, 'x')), "the table is larger than 16777216 bytes: t.csv");
  EXPECT_EQ(table_error(std::string(2000, ',')),
            "the table has too many columns at row 1: at most 1025 are allowed: t.csv");
  std::string tall;
  for (int i = 0; i < 1100; ++i) tall += std::to_string(i) + ",0," + std::to_string(i % 2) + "\n";
  EXPECT_EQ(table_error(tall),
            "the table has 1100 symbols and 2 answers: at most 1024 of each are allowed: t.csv");
}

}  // namespace
}  // namespace grokscope
