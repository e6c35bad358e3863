// The one CSV reader: quotes, separators, blank rows and line ends as strangers write them.
#include "data/formats/csv_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace grokscope {
namespace {

/// "1:a|b;3:c|d": number and cells of every row, or the error.
std::string rows_of(const std::string& text, const CsvOptions& options = {}) {
  CsvReader reader(text, "t.csv", options);
  std::string shown;
  for (CsvRow row;;) {
    const auto more = reader.next(row);
    if (!more) return more.error().message;
    if (!*more) return shown;
    shown += std::to_string(row.number) + ":";
    for (const std::string_view cell : row.cells) shown += std::string(cell) + "|";
    shown += ";";
  }
}

TEST(CsvReader, QuotesMayHoldSeparatorsLineBreaksAndQuotes) {
  EXPECT_EQ(rows_of("\"a,b\",\"c\r\nd\"\n\"say \"\"hi\"\"\",\"\"\"\"\n"), "1:a,b|c\r\nd|;2:say \"hi\"|\"|;");
  EXPECT_EQ(rows_of("\"\",x\n"), "1:|x|;");
  EXPECT_EQ(rows_of(" \"x\" , y \n"), "1:x|y|;");
  EXPECT_EQ(rows_of("\"\"\"a\"\"b\"\"\",c"), "1:\"a\"b\"|c|;") << "several in one cell";
}

TEST(CsvReader, BlankRowsCountAndAreSkipped) {
  EXPECT_EQ(rows_of("a,b\n\n , \n,\nc,d\n\n"), "1:a|b|;5:c|d|;");
  EXPECT_EQ(rows_of(""), "");
  EXPECT_EQ(rows_of("\n\n"), "");
}

TEST(CsvReader, LineEndsAndByteOrderMark) {
  EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                    "a,b\r\nc,d\re,f"),
            "1:a|b|;2:c|d|;3:e|f|;");
}

TEST(CsvReader, TheSeparatorIsFound) {
  EXPECT_EQ(csv_separator("a,b\n1,2\n", false), ',');
  EXPECT_EQ(csv_separator("a;b\n1;2\n", false), ';');
  EXPECT_EQ(csv_separator("a\tb\n1\t2\n", false), '\t');
  EXPECT_EQ(csv_separator("a|b\n1|2\n", false), '|');
  EXPECT_EQ(csv_separator("a;b;c\n0,5;1,5;2\n", false), ';') << "commas are decimal signs";
  EXPECT_EQ(csv_separator("0,5;1,5;2,0\n1,5;2,5;3,5\n", false), ';') << "also without a header";
  EXPECT_EQ(csv_separator("x;y,1,2\nz;w,2,1\n", false), ',') << "semicolons within symbols";
  EXPECT_EQ(csv_separator("a,\tb\n1,\t2\n", false), ',') << "aligned with tabs";
  EXPECT_EQ(csv_separator("\"a,b\";c\n\"d,e\";f\n", false), ';') << "commas within quotes do not count";
  EXPECT_EQ(csv_separator("a;b;c\n1;2;3\n1;2\n", false), ';') << "a torn row does not change it";
  EXPECT_EQ(csv_separator("# from, somewhere\na;b\n", true), ';') << "nor does a comment";
  EXPECT_EQ(csv_separator("one\ntwo\n", false), ',');
}

TEST(CsvReader, ASeparatorLineDecides) {
  EXPECT_EQ(rows_of("sep=;\n0,5;1\n"), "1:0,5|1|;") << "and is no row of the table";
  EXPECT_EQ(rows_of("\"sep=|\"\r\na|b\r\n"), "1:a|b|;");
  EXPECT_EQ(rows_of("sep=\t\na\tb\n"), "1:a|b|;");
  EXPECT_EQ(rows_of("sep=,x\n"), "1:sep=|x|;") << "that is a row";
}

TEST(CsvReader, CommentsOnlyWhereTheyAreAskedFor) {
  EXPECT_EQ(rows_of("# c\na,b\n # d\nC#N,1\n", {.comments = true}), "2:a|b|;4:C#N|1|;");
  EXPECT_EQ(rows_of("#,b\n"), "1:#|b|;");
}

TEST(CsvReader, LimitsAndDamageAreNamed) {
  EXPECT_EQ(rows_of("a,b,c\n", {.columns = 2}),
            "the table has too many columns at row 1: at most 2 are allowed: t.csv");
  EXPECT_EQ(rows_of("a,bcd\n", {.cell_bytes = 2}),
            "row 1, column 2 of the table, 'bcd', is longer than 2 bytes: t.csv");
  EXPECT_EQ(rows_of("abc", {.bytes = 2}), "the table is larger than 2 bytes: t.csv");
  EXPECT_EQ(rows_of("a,\x01\n"),
            "row 1, column 2 of the table, '\\x01', contains a control character: t.csv");
  EXPECT_EQ(
      rows_of("PK\x03\x04zip"),
      "this is no table of text: it is a ZIP archive (a workbook of a spreadsheet is one, too): unpack or "
      "export it: t.csv");
  EXPECT_EQ(rows_of("\x1F\x8B\x08"), "this is no table of text: it is packed with gzip: unpack it: t.csv");
}

}  // namespace
}  // namespace grokscope
