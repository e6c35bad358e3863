// Random images in the format of MNIST, for measuring speed: a step's time depends on their shape alone. Any
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace grokscope::bench {

/// Writes the four IDX files of `train` and `test` images of 28 x 28 bytes with labels 0..9 into the folder.
Status write_random_images(const std::string& folder, std::int64_t train, std::int64_t test);

}  // namespace grokscope::bench
