// PNG: pixels and the run inside come back; damaged files give an error, never a crash or another run.
#include "export/png.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "chart/png_bytes.h"

namespace grokscope {
namespace {

class PngFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() / ("grokscope-png-" + std::to_string(std::random_device{}()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
  }

  std::filesystem::path folder_;
  std::vector<std::uint8_t> pixels_ = std::vector<std::uint8_t>(12 * 7 * 4, 200);
  std::string json_ = R"({"schema":"grokscope.snapshot/1","seed":42,"note":"‖θ‖ → wd"})";
};

TEST_F(PngFile, TheRunComesBack) {
  write("a.png", *png_with_metadata(12, 7, pixels_, json_));
  const auto metadata = read_png_metadata(path("a.png"));
  ASSERT_TRUE(metadata) << metadata.error().message;
  EXPECT_EQ(*metadata, json_);
}

TEST_F(PngFile, APictureWithoutARunSaysSo) {
  write("a.png", *png_with_metadata(12, 7, pixels_, ""));
  const auto metadata = read_png_metadata(path("a.png"));
  ASSERT_FALSE(metadata);
  EXPECT_NE(metadata.error().message.find("carries no run"), std::string::npos);
  EXPECT_FALSE(read_png_metadata(path("missing.png")));
  std::ofstream(path("b.png")) << "no picture";
  EXPECT_FALSE(read_png_metadata(path("b.png")));
}

TEST_F(PngFile, WrongSizesAreRefused) {
  EXPECT_FALSE(png_with_metadata(13, 7, pixels_, json_));
  EXPECT_FALSE(png_with_metadata(0, 0, {}, json_));
}

TEST_F(PngFile, EveryTruncationAndEveryFlippedByteIsNoticed) {
  const std::string whole = *png_with_metadata(12, 7, pixels_, json_);
  const std::size_t end_of_text = whole.find(json_) + json_.size() + 4;
  for (std::size_t size = 0; size < end_of_text; ++size)
    EXPECT_FALSE(png_metadata_from_bytes(whole.substr(0, size), "cut")) << size;
  for (std::size_t at = 0; at < end_of_text; ++at) {
    for (const int bit : {0, 3, 7}) {
      std::string broken = whole;
      broken[at] = static_cast<char>(broken[at] ^ (1 << bit));
      const auto metadata = png_metadata_from_bytes(broken, "flipped");
      EXPECT_FALSE(metadata) << at;
    }
  }
}

TEST_F(PngFile, CompressedAndOlderTextChunksAreRead) {
  // "grokscope", compressed, zlib stream of {"a":1} (made with Python's zlib.compress).
  const std::string deflated("\x78\x9c\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\x08\x2a\x02\x09", 15);
  const std::string compressed = png_chunk("iTXt", std::string("grokscope\0\1\0\0\0", 14) + deflated);
  const auto first = png_metadata_from_bytes(png_from_rgba(12, 7, pixels_, compressed), "compressed");
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(*first, R"({"a":1})");
  const std::string plain = png_chunk("tEXt", std::string("grokscope\0", 10) + "{\"a\":2}");
  const auto second = png_metadata_from_bytes(png_from_rgba(12, 7, pixels_, plain), "plain");
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, "{\"a\":2}");
  for (const std::string& data : {std::string("grokscope\0", 10), std::string("grokscope\0\1\0", 12),
                                  std::string("grokscope\0\1\0\0\0zz", 16)}) {
    EXPECT_FALSE(png_metadata_from_bytes(png_from_rgba(12, 7, pixels_, png_chunk("iTXt", data)), "bad text"));
  }
}

TEST_F(PngFile, ATextThatWasMovedBehindThePixelsIsFound) {
  const std::string text = png_chunk("iTXt", std::string("grokscope\0\0\0\0\0", 14) + json_);
  std::string png = png_from_rgba(12, 7, pixels_);
  png.insert(png.size() - 12, text);  // before IEND
  const auto found = png_metadata_from_bytes(png, "moved");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, json_);
}

TEST_F(PngFile, ABombOfTextIsDamage) {
  const std::string zeros(80u << 20, '0');
  uLongf size = compressBound(zeros.size());
  std::string packed(size, '\0');
  ASSERT_EQ(compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                      reinterpret_cast<const Bytef*>(zeros.data()), zeros.size(), 1),
            Z_OK);
  packed.resize(size);
  const std::string chunk = png_chunk("iTXt", std::string("grokscope\0\1\0\0\0", 14) + packed);
  const auto found = png_metadata_from_bytes(png_from_rgba(12, 7, pixels_, chunk), "bomb");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "The picture is damaged, export it again: bomb");
}

TEST_F(PngFile, ASizeThatNoPictureHasIsDamage) {
  const std::string header("\0\2\0\0\0\2\0\0\x08\x06\0\0\0", 13);
  const std::string text = png_chunk("iTXt", std::string("grokscope\0\0\0\0\0", 14) + json_);
  const std::string png = std::string(kPngSignature) + png_chunk("IHDR", header) + text +
                          png_chunk("IDAT", "x") + png_chunk("IEND", {});
  EXPECT_FALSE(png_metadata_from_bytes(png, "huge"));
}

}  // namespace
}  // namespace grokscope
