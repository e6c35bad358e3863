#include "ui/panels/lu_landscape.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "base/whole_number.h"

namespace grokscope::panel {
namespace {

constexpr double kLowestLoss = 1e-7;

}  // namespace

std::optional<LandscapeLines> landscape_lines(const Frame* frame) {
  const Array *norm = array_of(frame, "norm"), *train = array_of(frame, "train_loss"),
              *test = array_of(frame, "test_loss"), *alpha = array_of(frame, "alpha");
  if (norm == nullptr || train == nullptr || test == nullptr || alpha == nullptr) return std::nullopt;
  const std::size_t columns = alpha->values.size(), cells = norm->values.size();
  if (columns == 0 || cells < columns || train->values.size() != cells || test->values.size() != cells)
    return std::nullopt;
  LandscapeLines lines;
  for (std::size_t i = cells - columns; i < cells; ++i) {
    const double x = norm->values[i];
    if (!std::isfinite(x)) continue;
    if (std::isfinite(train->values[i]))
      lines.train.push_back({x, std::max<double>(train->values[i], kLowestLoss)});
    if (std::isfinite(test->values[i]))
      lines.test.push_back({x, std::max<double>(test->values[i], kLowestLoss)});
    lines.lowest_norm = lines.lowest_norm == 0.0 ? x : std::min(lines.lowest_norm, x);
    lines.highest_norm = std::max(lines.highest_norm, x);
  }
  const double best = scalar_of(frame, "goldilocks_norm");
  if (std::isfinite(best)) lines.goldilocks_norm = best;
  const double done = scalar_of(frame, "done"), all = scalar_of(frame, "cells");
  if (done < all) {
    lines.progress = pretty(done, 3) + " of " + pretty(all, 3) + " spheres";
    const std::string state = text_of_frame(frame, "state");
    if (!state.empty()) lines.progress += ": " + state;
  }
  return lines;
}

std::optional<Chart> landscape_map(const Frame* frame) {
  const Array *size = array_of(frame, "train_size"), *alpha = array_of(frame, "alpha"),
              *accuracy = array_of(frame, "test_accuracy");
  if (size == nullptr || alpha == nullptr || accuracy == nullptr || size->values.size() < 2)
    return std::nullopt;
  FieldMark field;
  field.rows = static_cast<std::int64_t>(size->values.size());
  field.columns = static_cast<std::int64_t>(alpha->values.size());
  if (accuracy->values.size() != static_cast<std::size_t>(field.rows * field.columns)) return std::nullopt;
  field.values = accuracy->values;
  field.x0 = -0.5;
  field.x1 = static_cast<double>(field.columns) - 0.5;
  field.y0 = static_cast<double>(field.rows) - 0.5;
  field.y1 = -0.5;
  Plot plot;
  plot.x.label = "α, from " + pretty(alpha->values.front(), 2) + " to " + pretty(alpha->values.back(), 2);
  plot.y.label =
      "training size, " + whole_text(size->values.front()) + " on top to " + whole_text(size->values.back());
  plot.x.integer = plot.y.integer = true;
  plot.colors = ColorScale{field.map, false, percent(0.0), percent(1.0), "test accuracy"};
  plot.marks.push_back(std::move(field));
  Chart chart;
  chart.name = "landscape-map";
  chart.title = "Test accuracy after training on spheres";
  chart.caption = "Bright: generalises. Columns: the sphere's α; rows: how much was trained on.";
  chart.plots.push_back(std::move(plot));
  return chart;
}

}  // namespace grokscope::panel
