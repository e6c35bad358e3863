// LabelledImages: a set of images with their classes, as values: what studies may read of real data. Who
// reads the files: data/labelled_images.h. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace grokscope::theory {

struct LabelledImages {
  std::string name;             ///< "MNIST"
  std::size_t pixels = 0;       ///< of an image
  std::size_t train_count = 0;  ///< the first of them; the others are for testing
  std::string bytes;            ///< (image, pixel), 0 .. 255
  std::vector<int> classes;     ///< (image)
  int class_count = 0;
};

}  // namespace grokscope::theory
