// A sheet of small images side by side as one field: filters, samples. Pure. Main thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chart/chart.h"
#include "history/frame.h"

namespace grokscope::panel {

struct MosaicShape {
  std::int64_t count = 0, height = 0, width = 0;  ///< of one image
  std::int64_t columns = 1, rows = 0;             ///< images a row, rows of images
  std::int64_t cell_width() const { return width + 1; }
  std::int64_t cell_height() const { return height + 1; }
};

/// How `images` (count, height, width) are laid out: as square a sheet as possible; count 0 when its values
/// are fewer than its shape says.
MosaicShape mosaic_shape(const Array& images);
/// The images with those indices; those that do not exist are left out.
Array images_of(const Array& images, const std::vector<std::size_t>& indices);
/// Axes without ticks; x and y in pixels of the sheet, y upwards.
Plot mosaic_plot(const Array& images, ColorMap map, double low, double high, bool grayscale);
/// Which image lies at plot position (x, y); -1 outside.
std::int64_t mosaic_index(const MosaicShape& shape, double x, double y);

}  // namespace grokscope::panel
