#include "golden.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#include <stb_image.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace grokscope::sample {

Picture read_picture(const std::string& path) {
  Picture picture;
  int channels = 0;
  stbi_uc* pixels = stbi_load(path.c_str(), &picture.width, &picture.height, &channels, 4);
  if (pixels == nullptr) return {};
  picture.rgba.assign(pixels, pixels + static_cast<std::ptrdiff_t>(picture.width) * picture.height * 4);
  stbi_image_free(pixels);
  return picture;
}

void write_picture(const Picture& picture, const std::string& path) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << png_from_rgba(picture.width, picture.height, picture.rgba);
}

double worst_square(const Picture& a, const Picture& b) {
  constexpr int kSide = 8, kStride = 4, kFar = 8;
  if (a.width != b.width || a.rgba.size() != b.rgba.size() || a.rgba.empty()) return 1;
  const auto far = [&](int x, int y) {
    const std::size_t at =
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(a.width) + static_cast<std::size_t>(x)) * 4;
    for (std::size_t k = at; k < at + 4; ++k) {
      if (std::abs(a.rgba[k] - b.rgba[k]) > kFar) return 1;
    }
    return 0;
  };
  int most = 0;
  for (int top = 0; top + kSide <= a.height; top += kStride) {
    for (int left = 0; left + kSide <= a.width; left += kStride) {
      int count = 0;
      for (int y = top; y < top + kSide; ++y) {
        for (int x = left; x < left + kSide; ++x) count += far(x, y);
      }
      most = std::max(most, count);
    }
  }
  return static_cast<double>(most) / (kSide * kSide);
}

}  // namespace grokscope::sample
