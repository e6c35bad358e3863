#include "ui/panels/lu_curves.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/panels/common.h"

namespace grokscope::panel {
namespace {

constexpr std::size_t kPathPoints = 400;

/// Losses below the floor stand on the axis' end, marked: 0 is what a log axis cannot show.
double shown_loss(double loss) {
  return loss < kLossFloor ? 0.0 : loss;
}

}  // namespace

std::vector<Sample> path_of(const History& history, std::int64_t until, double Evaluation::*loss) {
  std::vector<Sample> path;
  const auto add = [&](const Evaluation& at) {
    if (std::isfinite(at.weight_norm) && std::isfinite(at.*loss))
      path.push_back({at.weight_norm, shown_loss(at.*loss)});
  };
  const auto all = history.evaluations();
  const double apart = std::pow(10.0, 6.0 / static_cast<double>(kPathPoints));
  for (auto at = all.begin(); at != all.end() && at->step <= until;) {
    add(*at);
    const double next = std::max(static_cast<double>(at->step), 1.0) * apart;
    at = std::lower_bound(at + 1, all.end(), next, [](const Evaluation& one, double step) {
      return static_cast<double>(one.step) < step;
    });
  }
  if (const Evaluation* now = history.evaluation_at(until)) add(*now);
  return path;
}

std::vector<Sample> ray_curve(const Array& norm, const Array& loss, const Range& range) {
  std::vector<Sample> curve;
  for (std::size_t i = 0; i < std::min(norm.values.size(), loss.values.size()); ++i) {
    const double x = norm.values[i];
    const double y = loss.values[i];
    if (x < range.low * 0.999 || x > range.high * 1.001 || std::isnan(y)) continue;
    curve.push_back({x, shown_loss(std::min(y, kLossCeiling))});
  }
  return curve;
}

double loss_on(const Array* norm, const Array* loss, double at) {
  if (norm == nullptr || loss == nullptr) return std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 1; i < std::min(norm->values.size(), loss->values.size()); ++i) {
    const double x0 = norm->values[i - 1], x1 = norm->values[i];
    if (!(x0 > 0.0 && x0 <= at * (1.0 + 1e-6) && at <= x1 * (1.0 + 1e-6))) continue;
    const double share = x1 > x0 ? std::clamp(std::log(at / x0) / std::log(x1 / x0), 0.0, 1.0) : 0.0;
    const auto log_loss = [](double y) { return std::log(std::clamp(y, kLossFloor, kLossCeiling)); };
    const double y0 = log_loss(loss->values[i - 1]), y1 = log_loss(loss->values[i]);
    return std::exp(y0 + share * (y1 - y0));
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::optional<Range> valley_of(const PanelContext& context, const Frame& frame) {
  constexpr std::size_t kLooks = 5;
  if (!std::isfinite(scalar_of(&frame, "valley_low")) || !std::isfinite(scalar_of(&frame, "valley_high")))
    return std::nullopt;
  std::vector<double> lows, highs;
  FramePtr look = context.history->latest_at("lu", frame.step);
  for (std::size_t i = 0; i < kLooks && look != nullptr; ++i) {
    const double low = scalar_of(look.get(), "valley_low"), high = scalar_of(look.get(), "valley_high");
    if (std::isfinite(low) && std::isfinite(high)) {
      lows.push_back(low);
      highs.push_back(high);
    }
    look = look->step > 0 ? context.history->latest_at("lu", look->step - 1) : nullptr;
  }
  if (lows.empty()) return std::nullopt;
  const auto middle = [](std::vector<double>& values) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), at, values.end());
    return *at;
  };
  return Range{middle(lows), middle(highs)};
}

}  // namespace grokscope::panel
