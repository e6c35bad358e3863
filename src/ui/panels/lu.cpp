// LU portrait: loss against weight norm. L is the train loss and U the test loss along the ray through the
// current weights; the path is where this run has been.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <span>

#include "base/text.h"
#include "ui/panels/common.h"
#include "ui/panels/lu_curves.h"
#include "ui/panels/lu_landscape.h"
#include "ui/panels/panel_list.h"

namespace grokscope::panel {
namespace {

constexpr std::string_view kHelp =
    "Loss of this very network if all its weights were scaled down or up together, against their length ‖θ‖. "
    "Look for "
    "the valley: left of it the weights are too small to fit, right of it they memorise; weight decay pulls "
    "the dot "
    "leftwards into it. Liu et al. 2022 (Omnigrok), figure 1.";

constexpr double kHighestGhostNorm = 1e4;

/// The nearest of 1, 2, 3, 5, 7 times a power of ten outside of value: the axis moves in steps while the norm
/// moves.
double snapped(double value, bool up) {
  const double decade = std::pow(10.0, std::floor(std::log10(value)));
  constexpr double kFactors[] = {1.0, 2.0, 3.0, 5.0, 7.0, 10.0};
  for (std::size_t i = 1; i < std::size(kFactors); ++i) {
    if (value < kFactors[i] * decade) return (up ? kFactors[i] : kFactors[i - 1]) * decade;
  }
  return 10.0 * decade;
}

/// Whether the ghost's weights stayed within what a plot of the shown run can take in.
bool stays_near(const History& history) {
  const Series* norm = history.series("weight_norm");
  const MinMax all = norm == nullptr ? MinMax{} : norm->summarize(0, norm->size());
  return all.any && all.maximum <= kHighestGhostNorm;
}

Range norm_range(const PanelContext& context, double norm_now, const std::optional<LandscapeLines>& spheres) {
  Range range{norm_now, norm_now};
  if (spheres &&
      spheres->lowest_norm > 0.0) {  // 0.45 and 1.5 below are room for the ray, which spheres need not
    range.low = std::min(range.low, spheres->lowest_norm / 0.5);
    range.high = std::max(range.high, spheres->highest_norm / 1.4);
  }
  const auto include = [&](const History& history) {
    const Series* norm = history.series("weight_norm");
    const MinMax all = norm == nullptr ? MinMax{} : norm->summarize(0, norm->size());
    if (!all.any || !(all.maximum > 0.0)) return;
    range.low = std::min(range.low, all.minimum > 0.0 ? all.minimum : norm->smallest_positive());
    range.high = std::max(range.high, all.maximum);
  };
  include(*context.history);
  for (const OtherRun& other : context.others) {
    if (stays_near(*other.history)) include(*other.history);
  }
  return {snapped(0.45 * range.low, false), snapped(1.5 * range.high, true)};
}

void set_loss_axis(Plot& plot, const std::vector<std::span<const Sample>>& curves) {
  double low = 1.0, high = 10.0;
  for (const std::span<const Sample> curve : curves) {
    for (const Sample& sample : curve) {
      low = std::min(low, std::max(sample.y, kLossFloor));
      high = std::max(high, sample.y);
    }
  }
  plot.y.label = "loss";
  plot.y.scale = Scale::log;
  plot.y.minimum = std::pow(10.0, std::floor(std::log10(std::max(low, kLossFloor)) + 1e-9));
  plot.y.maximum = std::pow(10.0, std::ceil(std::log10(std::min(high, kLossCeiling)) + 0.05));
}

/// Test accuracy in the middle of the valley decides what the valley may be called.
std::string valley_name(const Frame& frame, double low, double high) {
  const Array* norm = array_of(&frame, "norm");
  const Array* accuracy = array_of(&frame, "test_accuracy");
  if (norm == nullptr || accuracy == nullptr) return "lowest test loss";
  double best = 0.0;
  for (std::size_t i = 0; i < std::min(norm->values.size(), accuracy->values.size()); ++i) {
    if (norm->values[i] >= low && norm->values[i] <= high)
      best = std::max(best, static_cast<double>(accuracy->values[i]));
  }
  return best >= 0.5 ? "generalises" : "lowest test loss";
}

void add_valley(const PanelContext& context, const Frame& frame, const Range& range, Plot& plot) {
  const std::optional<Range> valley = valley_of(context, frame);
  if (!valley) return;
  const auto [low, high] = *valley;
  const double x0 = std::max(low, range.low), x1 = std::min(high, range.high);
  if (x1 <= x0) return;
  plot.marks.push_back(BandMark{x0, x1, Role::generalising, valley_name(frame, low, high), 0.22f});
  const auto share = [&](double x) { return std::log(x / range.low) / std::log(range.high / range.low); };
  if (share(x0) > 0.2) plot.marks.push_back(NoteMark{share(x0) / 2.0, 0.03, "too small", Role::faint, 0.5});
  if (share(x1) < 0.75)
    plot.marks.push_back(NoteMark{(share(x1) + 1.0) / 2.0, 0.03, "memorises", Role::faint, 0.5});
}

LineMark line_of(std::vector<Sample> samples, Role role, const char* name, const char* label) {
  LineMark line;
  line.samples = std::move(samples);
  line.role = role;
  line.name = name;
  line.label = label;
  line.ends_at_cursor = false;
  return line;
}

LineMark path_line(std::vector<Sample> samples, Role role, const char* name) {
  LineMark line = line_of(std::move(samples), role, name, "");
  line.dash = Dash::solid;
  line.width_px = 1.4f;
  line.opacity = 0.55;
  return line;
}

/// Where the runs beside the shown one have been, from their start to their end.
std::vector<LineMark> ghost_paths(const PanelContext& context) {
  constexpr std::int64_t kWhole = std::numeric_limits<std::int64_t>::max();
  std::vector<LineMark> ghosts;
  for (const OtherRun& other : context.others) {
    for (const bool train : {true, false}) {
      const auto loss = train ? &Evaluation::train_loss : &Evaluation::test_loss;
      std::vector<Sample> path = path_of(*other.history, kWhole, loss);
      if (path.empty()) continue;
      LineMark line = path_line(std::move(path), train ? Role::train : Role::test,
                                train ? "before: path, train loss" : "before: path, test loss");
      line.dash = Dash::automatic;
      line.opacity = 1.0;
      line.width_px = 2.4f;
      line.run = RunTone::ghost;
      if (!train) line.label = other.label;
      ghosts.push_back(std::move(line));
    }
  }
  return ghosts;
}

/// What training on spheres gave, over the ray's curves: thick, with a dot for each sphere.
void add_spheres(const LandscapeLines& spheres, Plot& plot) {
  for (const bool train : {true, false}) {
    const std::vector<Sample>& samples = train ? spheres.train : spheres.test;
    if (samples.empty()) continue;
    const Role role = train ? Role::train : Role::test;
    LineMark line = line_of(samples, role,
                            train ? "train loss, trained on the sphere" : "test loss, trained on the sphere",
                            train ? "L" : "U");
    line.width_px = 3.2f;
    PointsMark dots;
    dots.points = samples;
    dots.role = role;
    plot.marks.push_back(std::move(line));
    plot.marks.push_back(std::move(dots));
  }
  if (spheres.goldilocks_norm)
    plot.marks.push_back(
        FlagMark{*spheres.goldilocks_norm, "Goldilocks " + pretty(*spheres.goldilocks_norm, 3)});
}

struct Whereabouts {
  double norm, train, test;
};

std::string now_text(const Evaluation& now) {
  return "now: ‖θ‖ " + pretty(now.weight_norm, 3);
}

/// Dots where the network of one step is, the label at the upper one; rings where that is another step than
/// that of the curves, which they then need not lie on.
void add_markers(const Whereabouts& at, const std::string& label, bool hollow, Plot& plot) {
  const auto mark = [&](double loss, Role role, const std::string& text) {
    plot.marks.push_back(MarkerMark{at.norm, std::clamp(loss, kLossFloor, kLossCeiling), role, text, hollow});
  };
  const bool both = std::isfinite(at.train) && std::isfinite(at.test);
  if (both) mark(at.train, Role::train, "");
  const double upper = std::isfinite(at.test) ? at.test : at.train;
  if (std::isfinite(upper)) mark(upper, Role::test, label);
}

Plot portrait(const PanelContext& context, const Frame* frame, const Evaluation& now) {
  Plot plot;
  const FramePtr landscape = frame_of(context, "landscape");
  const std::optional<LandscapeLines> spheres = landscape_lines(landscape.get());
  const Range range = norm_range(context, now.weight_norm, spheres);
  plot.x.label = "weight norm ‖θ‖";
  plot.x.scale = Scale::log;
  plot.x.minimum = range.low;
  plot.x.maximum = range.high;
  const Array* norm = array_of(frame, "norm");
  const Array* train = array_of(frame, "train_loss");
  const Array* test = array_of(frame, "test_loss");
  std::vector<Sample> train_ray, test_ray;
  if (norm != nullptr && train != nullptr) train_ray = ray_curve(*norm, *train, range);
  if (norm != nullptr && test != nullptr) test_ray = ray_curve(*norm, *test, range);
  std::vector<Sample> train_path = path_of(*context.history, context.step, &Evaluation::train_loss);
  std::vector<Sample> test_path = path_of(*context.history, context.step, &Evaluation::test_loss);
  std::vector<LineMark> ghosts = ghost_paths(context);
  std::vector<std::span<const Sample>> curves = {train_ray, test_ray, train_path, test_path};
  if (spheres) curves.insert(curves.end(), {spheres->train, spheres->test});
  for (const LineMark& ghost : ghosts) curves.emplace_back(ghost.samples);
  set_loss_axis(plot, curves);
  // Once the spheres say where the valley is, that of the scaled weights would only contradict it.
  if (frame != nullptr && norm != nullptr && !(spheres && spheres->goldilocks_norm))
    add_valley(context, *frame, range, plot);
  for (LineMark& ghost : ghosts) plot.marks.push_back(std::move(ghost));
  plot.marks.push_back(path_line(std::move(train_path), Role::dim, "path, train loss"));
  plot.marks.push_back(path_line(std::move(test_path), Role::text, "path, test loss"));
  const bool has_spheres = spheres && !spheres->train.empty();
  const auto add_ray = [&](std::vector<Sample> ray, Role role, const char* name, const char* label) {
    if (ray.empty()) return;
    LineMark line = line_of(std::move(ray), role, name, has_spheres ? "" : label);
    if (has_spheres) line.opacity = 0.5;  // the quick look steps back behind what was really trained
    plot.marks.push_back(std::move(line));
  };
  add_ray(std::move(train_ray), Role::train, "train loss along the ray (an L)", "train");
  add_ray(std::move(test_ray), Role::test, "test loss along the ray (a U)", "test");
  if (spheres) add_spheres(*spheres, plot);
  const double norm_then = scalar_of(frame, "norm_now");
  const bool on_curves = norm != nullptr && std::isfinite(norm_then) && norm_then > 0.0;
  const bool apart = on_curves && frame->step != now.step;
  if (on_curves) {
    const double x = apart ? norm_then : now.weight_norm;
    add_markers({x, loss_on(norm, train, x), loss_on(norm, test, x)},
                apart ? step_text(frame->step) : now_text(now), false, plot);
  }
  if (!on_curves || apart)
    add_markers({now.weight_norm, now.train_loss, now.test_loss}, now_text(now), apart, plot);
  return plot;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  Chart chart;
  chart.name = "lu";
  chart.title = "Loss against weight norm";
  chart.help = kHelp;
  const Evaluation* now = context.history == nullptr ? nullptr : context.history->evaluation_at(context.step);
  if (now == nullptr || !std::isfinite(now->weight_norm) || !(now->weight_norm > 0.0)) {
    chart.empty = now == nullptr ? why_empty(context, nullptr) : "The weights are no longer finite numbers.";
    return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  }
  const FramePtr frame = frame_of(context, "lu");
  const FramePtr landscape = frame_of(context, "landscape");
  const std::optional<LandscapeLines> spheres = landscape_lines(landscape.get());
  const bool curves = frame != nullptr && frame->not_applicable.empty();
  chart.remark = curves && frame->step != now->step
                     ? "step " + grouped(now->step) + ", curves " + grouped(frame->step)
                     : step_text(now->step);
  if (large) {
    chart.caption =
        spheres && !spheres->train.empty()
            ? "Thick L and U with dots: networks trained on the sphere of that norm. Pale: the current "
              "weights, only scaled. Thin: where this run has been."
            : "L and U: the current weights, all multiplied by one number and asked again. Thin lines: "
              "where this run has been.";
    if (curves && frame->step != now->step) chart.caption += " Rings: now; dots: the step of the curves.";
    if (!(spheres && !spheres->train.empty())) chart.hint = "Right click: train on spheres instead.";
  }
  if (spheres && !spheres->progress.empty()) {
    chart.remark =
        large ? chart.remark + " · " + spheres->progress : spheres->progress;  // the tile has no room
  }
  chart.plots.push_back(portrait(context, curves ? frame.get() : nullptr, *now));
  std::optional<Chart> map = large ? landscape_map(landscape.get()) : std::nullopt;
  if (!map) return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  std::vector<PlacedChart> placed;
  placed.push_back({Rect{0, 0, 0.6f, 1}, std::move(chart)});
  placed.push_back({Rect{0.6f, 0, 0.4f, 1}, std::move(*map)});
  return placed;
}

std::string hover(const PanelContext& context, const PlotPlace& mouse) {
  const double x = mouse.x;
  const FramePtr frame = frame_of(context, "lu");
  const Array* norm = array_of(frame.get(), "norm");
  if (norm == nullptr) return {};
  std::size_t best = 0;
  for (std::size_t i = 1; i < norm->values.size(); ++i) {
    if (std::abs(std::log(norm->values[i] / x)) < std::abs(std::log(norm->values[best] / x))) best = i;
  }
  const auto at = [&](const char* name) -> std::optional<double> {
    const Array* array = array_of(frame.get(), name);
    if (array == nullptr || best >= array->values.size() || !std::isfinite(array->values[best]))
      return std::nullopt;
    return array->values[best];
  };
  std::string text = "‖θ‖ " + pretty(norm->values[best], 3) + " along the ray";
  if (const auto loss = at("train_loss")) text += "\ntrain loss L " + pretty(*loss, 3);
  if (const auto loss = at("test_loss")) text += "\ntest loss U " + pretty(*loss, 3);
  if (const auto share = at("train_accuracy")) text += "\ntrain accuracy " + percent(*share, 1);
  if (const auto share = at("test_accuracy")) text += "\ntest accuracy " + percent(*share, 1);
  return text;
}

constexpr TilePlace kTiles[] = {{TileRow::top, 20, 352}};
constexpr const PanelSwitch* kSwitches[] = {&kPreviousRun};
constexpr PanelCommand kCommands[] = {
    {"Measure the reduced landscape, or stop", [] { return Action(ToggleLandscape{}); }}};

}  // namespace

const Panel kLu{.name = "lu",
                .short_name = "Loss and norm",
                .title = "Loss against weight norm",
                .help = kHelp,
                .key = Key::digit_2,
                .tiles = kTiles,
                .switches = kSwitches,
                .commands = kCommands,
                .build = build,
                .hover = hover};

}  // namespace grokscope::panel
