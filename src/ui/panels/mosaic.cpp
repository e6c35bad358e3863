#include "ui/panels/mosaic.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/whole_number.h"

namespace grokscope::panel {

MosaicShape mosaic_shape(const Array& images) {
  MosaicShape shape;
  if (images.shape.size() != 3) return shape;
  const auto pixels = cells_of(images.shape[1], images.shape[2], images.values.size());
  // What the shape claims and the values do not hold is no image.
  if (pixels.value_or(0) == 0 ||
      !cells_of(images.shape[0], static_cast<std::int64_t>(*pixels), images.values.size()))
    return shape;
  shape.count = images.shape[0];
  shape.height = images.shape[1];
  shape.width = images.shape[2];
  shape.columns = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(shape.count)))));
  shape.rows = (shape.count + shape.columns - 1) / shape.columns;
  return shape;
}

Array images_of(const Array& images, const std::vector<std::size_t>& indices) {
  const MosaicShape shape = mosaic_shape(images);
  const auto pixels = static_cast<std::size_t>(shape.height * shape.width);
  Array chosen;
  chosen.shape = {0, shape.height, shape.width};
  for (const std::size_t index : indices) {
    if (index >= static_cast<std::size_t>(shape.count)) continue;
    const auto from = images.values.begin() + static_cast<std::ptrdiff_t>(index * pixels);
    chosen.values.insert(chosen.values.end(), from, from + static_cast<std::ptrdiff_t>(pixels));
    ++chosen.shape[0];
  }
  return chosen;
}

Plot mosaic_plot(const Array& images, ColorMap map, double low, double high, bool grayscale) {
  const MosaicShape shape = mosaic_shape(images);
  FieldMark field;
  field.rows = shape.rows * shape.cell_height() - 1;
  field.columns = shape.columns * shape.cell_width() - 1;
  field.map = map;
  field.low = low;
  field.high = high;
  field.grayscale = grayscale;
  field.x1 = static_cast<double>(field.columns);
  field.y1 = static_cast<double>(field.rows);
  field.values.assign(static_cast<std::size_t>(std::max<std::int64_t>(0, field.rows * field.columns)),
                      std::numeric_limits<float>::quiet_NaN());
  const std::int64_t pixels = shape.height * shape.width;
  for (std::int64_t i = 0; i < shape.count; ++i) {
    const std::int64_t top = (i / shape.columns) * shape.cell_height(),
                       left = (i % shape.columns) * shape.cell_width();
    for (std::int64_t pixel = 0; pixel < pixels; ++pixel) {
      const std::size_t from = static_cast<std::size_t>(i * pixels + pixel);
      if (from >= images.values.size()) break;
      const std::int64_t row = top + pixel / shape.width, column = left + pixel % shape.width;
      field.values[static_cast<std::size_t>(row * field.columns + column)] = images.values[from];
    }
  }
  Plot plot;
  plot.equal_aspect = true;
  plot.x.hidden = plot.y.hidden = true;
  plot.x.minimum = plot.y.minimum = 0.0;
  plot.x.maximum = field.x1;
  plot.y.maximum = field.y1;
  plot.marks.push_back(std::move(field));
  return plot;
}

std::int64_t mosaic_index(const MosaicShape& shape, double x, double y) {
  const std::int64_t height = shape.rows * shape.cell_height() - 1;
  const auto pixel = cell_from(x, shape.columns * shape.cell_width()), from_below = cell_from(y, height);
  if (!pixel || !from_below) return -1;
  const std::int64_t column = static_cast<std::int64_t>(*pixel) / shape.cell_width();
  const std::int64_t row = (height - 1 - static_cast<std::int64_t>(*from_below)) / shape.cell_height();
  const std::int64_t index = row * shape.columns + column;
  return index < shape.count ? index : -1;
}

}  // namespace grokscope::panel
