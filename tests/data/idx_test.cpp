// IDX files: plain and gzipped, and every way in which one can be wrong, with its whole text.
#include "data/formats/idx.h"

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "data/idx_files.h"

namespace grokscope {
namespace {

Error idx_error(const std::string& content, std::size_t dimensions = 3) {
  const auto array = idx_from_bytes(content, dimensions, "x.idx");
  if (array.ok()) return failure("no error");
  return array.error();
}

void expect_error(const std::string& content, std::size_t dimensions, Blame blame,
                  const std::string& message) {
  const Error error = idx_error(content, dimensions);
  EXPECT_EQ(error.message, message);
  EXPECT_EQ(error.blame, blame) << message;
}

const std::string kTwoImages = idx_file({2, 2, 3}, "abcdefghijkl");

TEST(Idx, PlainAndGzippedAreTheSame) {
  for (const std::string& content : {kTwoImages, gzipped(kTwoImages)}) {
    const auto array = idx_from_bytes(content, 3, "x.idx");
    ASSERT_TRUE(array.ok()) << array.error().message;
    EXPECT_EQ(array->sizes, (std::vector<std::uint32_t>{2, 2, 3}));
    EXPECT_EQ(array->bytes, "abcdefghijkl");
  }
  const auto labels = idx_from_bytes(gzipped(idx_file({3}, std::string("\0\1\2", 3))), 1, "x.idx");
  ASSERT_TRUE(labels.ok()) << labels.error().message;
  EXPECT_EQ(labels->bytes, std::string("\0\1\2", 3));
}

TEST(Idx, LargeFilesUnpackInSeveralChunks) {
  std::string pixels(5'000'000, '\0');
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<char>(i * i / 7);
  const auto array = idx_from_bytes(gzipped(idx_file({5000, 20, 50}, pixels)), 3, "x.idx");
  ASSERT_TRUE(array.ok()) << array.error().message;
  EXPECT_TRUE(array->bytes == pixels);
}

TEST(Idx, AnotherKindOfFileIsTheUsersMistake) {
  const std::string tail = "; choose the files of MNIST's format: x.idx";
  expect_error("", 3, Blame::usage, "this is not an IDX file of unsigned bytes (it has 0 bytes)" + tail);
  expect_error("\x89PNG\r\n", 3, Blame::usage,
               "this is not an IDX file of unsigned bytes (it is a PNG picture)" + tail);
  expect_error("text", 3, Blame::usage,
               "this is not an IDX file of unsigned bytes (it begins with 0x74657874)" + tail);
  expect_error(std::string("\0\0\x0D\3", 4), 3, Blame::usage,
               "this is not an IDX file of unsigned bytes (it begins with 0x00000d03)" + tail);
  expect_error(idx_file({2}, "ab"), 3, Blame::usage,
               "the IDX file has 1 dimensions (labels) where 3 (images) are needed; "
               "check which file is which: x.idx");
  expect_error(kTwoImages, 1, Blame::usage,
               "the IDX file has 3 dimensions (images) where 1 (labels) are needed; "
               "check which file is which: x.idx");
  expect_error(idx_file({0, 2, 2}, ""), 3, Blame::usage, "the IDX file is empty (size 1 is 0): x.idx");
}

TEST(Idx, DamagedFilesAreFailures) {
  expect_error(kTwoImages.substr(0, 10), 3, Blame::failure,
               "the IDX file ends within its header; get a fresh copy: x.idx");
  expect_error(kTwoImages.substr(0, 20), 3, Blame::failure,
               "the IDX file is cut off: it has 4 of 12 bytes; get a fresh copy: x.idx");
  expect_error(kTwoImages + "!", 3, Blame::failure,
               "the IDX file has more than the 12 bytes it announces; get a fresh copy: x.idx");
  expect_error(gzipped(kTwoImages + "!"), 3, Blame::failure,
               "the IDX file has more than the 12 bytes it announces; get a fresh copy: x.idx");
}

TEST(Idx, DamagedGzip) {
  const std::string packed = gzipped(kTwoImages);
  for (const std::size_t kept : {packed.size() - 3, std::size_t{12}}) {
    expect_error(packed.substr(0, kept), 3, Blame::failure,
                 "the gzip file is cut off: it ends too early; get a fresh copy: x.idx");
  }
  std::string wrong_sum = packed;
  wrong_sum[wrong_sum.size() - 6] = static_cast<char>(~wrong_sum[wrong_sum.size() - 6]);
  expect_error(wrong_sum, 3, Blame::failure,
               "the gzip file is damaged (incorrect data check); get a fresh copy: x.idx");
  expect_error(
      packed + "xyz", 3, Blame::failure,
      "something that is neither gzip nor zeros follows the end of the gzip file; get a fresh copy, or "
      "unpack it by hand: x.idx");
}

TEST(Idx, SeveralMembersAndZerosAfterThemAreOneFile) {
  const std::string padding(512, '\0');
  for (const std::string& content :
       {gzipped(kTwoImages.substr(0, 9)) + gzipped(kTwoImages.substr(9)), gzipped(kTwoImages) + padding,
        gzipped(kTwoImages.substr(0, 20)) + padding + gzipped(kTwoImages.substr(20)) + gzipped("") + padding,
        gzipped(kTwoImages) + std::string(200'000, '\0')}) {
    const auto array = idx_from_bytes(content, 3, "x.idx");
    ASSERT_TRUE(array.ok()) << array.error().message;
    EXPECT_EQ(array->bytes, "abcdefghijkl");
  }
  expect_error(
      gzipped(kTwoImages) + padding + "x", 3, Blame::failure,
      "something that is neither gzip nor zeros follows the end of the gzip file; get a fresh copy, or "
      "unpack it by hand: x.idx");
  const std::string second = gzipped(kTwoImages.substr(9));
  expect_error(gzipped(kTwoImages.substr(0, 9)) + second.substr(0, second.size() - 1), 3, Blame::failure,
               "the gzip file is cut off: it ends too early; get a fresh copy: x.idx");
}

TEST(Idx, TheHeaderIsKnownBeforeAnythingElseIsRead) {
  std::size_t taken = 0;
  const std::string content = idx_file({500, 1000, 1000}, std::string(1u << 20, 'x'));
  const ByteSource counting = [&, from = source_of(content)](std::span<char> out) {
    taken += out.size();
    return from(out);
  };
  const auto reader = IdxReader::open(counting, 3, "x.idx");
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  EXPECT_EQ(reader->payload_bytes(), 500'000'000u);
  EXPECT_LE(taken, 1u << 16);
}

TEST(Idx, OtherPackagingIsNamed) {
  expect_error(
      "PK\x03\x04\x14", 3, Blame::usage,
      "this is not an IDX file of unsigned bytes (it is a ZIP archive (a workbook of a spreadsheet is one, "
      "too): unpack or export it); choose the files of MNIST's format: x.idx");
  expect_error(
      std::string("\0\5\x16\7\0\2\0\0", 8), 3, Blame::usage,
      "this is not an IDX file of unsigned bytes (it is what macOS keeps beside a file (AppleDouble): "
      "choose the file without ._); choose the files of MNIST's format: x.idx");
}

TEST(Idx, BombsAndOverflowsAreRefusedBeforeMemoryIsTaken) {
  expect_error(idx_file({0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, ""), 3, Blame::usage,
               "the IDX file announces more than 512 MiB; larger sets are not supported: x.idx");
  expect_error(idx_file({65536, 65536, 1}, ""), 3, Blame::usage,
               "the IDX file announces more than 512 MiB; larger sets are not supported: x.idx");
  expect_error(idx_file({500, 1000, 1000}, ""), 3, Blame::failure,
               "the IDX file is cut off: it has 0 of 500000000 bytes; get a fresh copy: x.idx");
  // 64 MiB of zeros behind a header that announces 12 bytes: unpacking stops at the thirteenth.
  expect_error(gzipped(kTwoImages + std::string(64u << 20, '\0')), 3, Blame::failure,
               "the IDX file has more than the 12 bytes it announces; get a fresh copy: x.idx");
}

}  // namespace
}  // namespace grokscope
