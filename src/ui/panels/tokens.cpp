// Tokens: every token as a dot on the plane of the strongest frequency, where they come to form a circle, or
// on the first two principal components.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.h"
#include "base/whole_number.h"
#include "config/task_kinds.h"
#include "ui/panels/common.h"
#include "ui/panels/panel_list.h"

namespace grokscope::panel {
namespace {

constexpr PanelSwitch kPrincipal{
    .name = "tokens_pca", .text = "Principal components", .explained = "Tokens on principal components"};

constexpr std::string_view kHelp =
    "Every token as a dot, on the plane of the strongest frequency k of the embedding; its colour goes round "
    "once from "
    "0 to p − 1. Look for the cloud to open into a circle: the network has found that numbers modulo p go "
    "round. "
    "Nanda et al. 2023; Liu et al. 2022.";

struct PointView {
  const char* array;
  const char* name;
  std::string title;
  std::string caption;
};

std::int64_t label_step(std::int64_t tokens, bool large) {
  const double wanted = static_cast<double>(tokens) / (large ? 24.0 : 9.0);
  return std::max<std::int64_t>(1, std::llround(wanted));
}

Chart points_chart(const Frame& frame, const PointView& view, bool large) {
  Chart chart;
  chart.name = view.name;
  chart.title = view.title;
  // A small tile has no room beside the title: there the caption says the step.
  chart.remark = remark_of(frame);
  chart.caption = view.caption;
  chart.help = kHelp;
  const Array* positions = array_of(&frame, view.array);
  if (positions == nullptr || positions->shape.size() != 2 || positions->shape[1] != 2) {
    chart.empty = "This look at the embedding holds no positions.";
    return chart;
  }
  const std::int64_t count =
      std::min<std::int64_t>(positions->shape[0], static_cast<std::int64_t>(positions->values.size() / 2));
  const bool circle = view.array == std::string_view("circle");
  const double strongest = circle ? scalar_of(&frame, "strongest") : 1.0;
  const std::int64_t around = strongest >= 1.0 ? std::llround(strongest) : 1;
  PointsMark points;
  points.radius_px = large ? 6.0f : 3.6f;
  double reach = 1e-9;
  for (std::int64_t i = 0; i < count; ++i) {
    const Sample at{positions->values[static_cast<std::size_t>(2 * i)],
                    positions->values[static_cast<std::size_t>(2 * i + 1)]};
    points.points.push_back(at);
    // Around the circle where there is one: a network that has found it shows all colours in their order.
    points.hue.push_back(static_cast<float>(around * i % count) / static_cast<float>(count));
    points.labels.push_back(i % label_step(count, large) == 0 ? std::to_string(i) : std::string());
    if (std::isfinite(at.x + at.y)) reach = std::max({reach, std::abs(at.x), std::abs(at.y)});
  }
  Plot plot;
  plot.equal_aspect = true;
  plot.x.hidden = plot.y.hidden = true;
  // In steps of a quarter, so that the picture does not breathe with every look.
  const double edge = circle ? std::max(1.25, std::ceil(4.0 * 1.2 * reach) / 4.0) : 1.3 * reach;
  plot.x.minimum = plot.y.minimum = -edge;
  plot.x.maximum = plot.y.maximum = edge;
  plot.marks.push_back(std::move(points));
  if (count > 1) {
    const std::string what =
        around == 1 ? "token" : std::to_string(around) + "·n mod " + std::to_string(count);
    plot.colors = ColorScale{ColorMap::twilight, true, "0", std::to_string(count - 1), what};
  }
  chart.plots.push_back(std::move(plot));
  return chart;
}

PointView circle_view(const Frame& frame) {
  const double strongest = scalar_of(&frame, "strongest");
  return {"circle", "tokens",
          whole_from(strongest) ? "Tokens at frequency " + grouped(*whole_from(strongest)) : "Tokens", ""};
}

PointView pca_view(const Frame& frame) {
  PointView view{"pca", "tokens-pca", "Tokens, principal components", ""};
  if (const Array* variance = array_of(&frame, "pca_variance");
      variance != nullptr && variance->values.size() >= 2) {
    view.caption = "1st and 2nd component: " + percent(variance->values[0]) + " and " +
                   percent(variance->values[1]) + " of variance";
  }
  return view;
}

/// Of a look that applies to the run.
std::string why_no_places(const Frame* frame) {
  const std::string kind = text_of_frame(frame, "kind");
  if (kind == "filters")
    return "Images have no tokens to place: the filters in the Fourier panel show what was learned.";
  if (kind == "spectrum" && array_of(frame, "pca") == nullptr) {
    return "These tokens have no cyclic order, so there is no circle to find: see the singular values "
           "instead.";
  }
  return {};
}

std::string why_no_tokens(const PanelContext& context, const Frame* frame) {
  const std::string why = why_empty(context, frame);
  return why.empty() ? why_no_places(frame) : why;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const FramePtr frame = frame_of(context, "fourier");
  if (std::string why = why_no_tokens(context, frame.get()); !why.empty()) {
    Chart chart;
    chart.name = "tokens";
    chart.title = "Tokens";
    chart.help = kHelp;
    chart.empty = std::move(why);
    return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  }
  std::vector<PlacedChart> charts;
  if (large && array_of(frame.get(), "circle") != nullptr) {
    charts.push_back({Rect{0, 0, 0.5f, 1}, points_chart(*frame, circle_view(*frame), true)});
    charts.push_back({Rect{0.5f, 0, 0.5f, 1}, points_chart(*frame, pca_view(*frame), true)});
    return charts;
  }
  const bool pca = context.on(kPrincipal) || array_of(frame.get(), "circle") == nullptr;
  PointView view = pca ? pca_view(*frame) : circle_view(*frame);
  view.caption = large ? view.caption : step_text(frame->step);
  view.name = "tokens";
  charts.push_back({Rect{0, 0, 1, 1}, points_chart(*frame, view, large)});
  return charts;
}

std::string hover(const PanelContext& context, const PlotPlace& at) {
  const std::size_t chart = at.chart;
  const double x = at.x, y = at.y;
  const FramePtr frame = frame_of(context, "fourier");
  const Array* positions = array_of(frame.get(), chart == 1 || context.on(kPrincipal) ? "pca" : "circle");
  if (positions == nullptr || positions->values.size() < 2) return {};
  std::size_t best = 0;
  double nearest = 1e300, reach = 0.0;
  for (std::size_t i = 0; 2 * i + 1 < positions->values.size(); ++i) {
    const double distance = std::hypot(positions->values[2 * i] - x, positions->values[2 * i + 1] - y);
    reach = std::max<double>(reach, std::hypot(positions->values[2 * i], positions->values[2 * i + 1]));
    if (distance < nearest) {
      nearest = distance;
      best = i;
    }
  }
  if (nearest > 0.15 * reach) return {};
  return "token " + std::to_string(best) + "\nangle " +
         pretty(std::atan2(positions->values[2 * best + 1], positions->values[2 * best]) * 180.0 /
                    std::numbers::pi,
                3) +
         "°";
}

/// Plain addition has no circle of tokens: its line stands in the panel "representation".
bool applies(const PanelContext& context, std::string_view) {
  if (context.config != nullptr && task_kind_of(context.config->task).plain_sums) return false;
  const FramePtr frame = newest_frame(context, "fourier");
  return frame == nullptr || (frame->not_applicable.empty() && why_no_places(frame.get()).empty());
}

constexpr TilePlace kTiles[] = {{TileRow::middle, 20, 200}};
constexpr const PanelSwitch* kSwitches[] = {&kPrincipal};

}  // namespace

const Panel kTokens{.name = "tokens",
                    .short_name = "Tokens",
                    .title = "Tokens on the strongest frequency",
                    .help = kHelp,
                    .key = Key::digit_4,
                    .tiles = kTiles,
                    .switches = kSwitches,
                    .only_probe = "fourier",
                    .square = true,
                    .build = build,
                    .hover = hover,
                    .applies = applies};

}  // namespace grokscope::panel
