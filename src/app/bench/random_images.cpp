#include "app/bench/random_images.h"

#include <initializer_list>

#include "base/files.h"
#include "base/random.h"

namespace grokscope::bench {
namespace {

constexpr std::int64_t kSide = 28, kClasses = 10;

/// The header of an IDX file of unsigned bytes: magic number and sizes, big-endian.
std::string idx_header(std::initializer_list<std::int64_t> sizes) {
  std::string header{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
  for (const std::int64_t size : sizes) {
    for (const int shift : {24, 16, 8, 0}) header.push_back(static_cast<char>(size >> shift & 0xFF));
  }
  return header;
}

Status write_image_file(const std::string& stem, std::int64_t count, RandomStream& random) {
  std::string images = idx_header({count, kSide, kSide}), labels = idx_header({count});
  for (std::int64_t i = 0; i < count * kSide * kSide; ++i) {
    images.push_back(static_cast<char>(random.below(256)));
  }
  for (std::int64_t i = 0; i < count; ++i) labels.push_back(static_cast<char>(i % kClasses));
  if (Status written = write_file_atomic(stem + "-images-idx3-ubyte", images); !written) return written;
  return write_file_atomic(stem + "-labels-idx1-ubyte", labels);
}

}  // namespace

Status write_random_images(const std::string& folder, std::int64_t train, std::int64_t test) {
  RandomStream random(0, "bench images");
  if (Status written = write_image_file(folder + "/train", train, random); !written) return written;
  return write_image_file(folder + "/t10k", test, random);
}

}  // namespace grokscope::bench
