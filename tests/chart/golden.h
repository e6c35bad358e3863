// Reading, writing and comparing pictures in tests.
#pragma once

#include <string>

#include "sample_charts.h"

namespace grokscope::sample {

/// Empty if the file cannot be read.
Picture read_picture(const std::string& path);
void write_picture(const Picture& picture, const std::string& path);
/// The largest share of pixels in any square of 8 x 8 that differ by more than 8 of 255 in some channel:
/// blind to rounding and to single pixels of anti-aliasing, wherever they are, but not to the faintest line
/// of one pixel that is missing anywhere. 1 if the sizes differ.
double worst_square(const Picture& a, const Picture& b);
/// Below it two pictures are the same: four pixels of a square. A line of one pixel across it is eight, a
/// dashed one seven.
inline constexpr double kSamePicture = 4.5 / 64.0;

}  // namespace grokscope::sample
