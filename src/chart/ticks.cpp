#include "chart/ticks.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace grokscope {
namespace {

constexpr double kSlack = 1e-9;  // so that 0.3 / 0.1 counts as 3
// What an axis may span: with more, the differences and quotients of its ends leave the range of a double.
constexpr double kLeast = 1e-150, kMost = 1e150;
constexpr std::string_view kThin = "\u2009";

double power_of_ten(int exponent) {
  return std::pow(10.0, exponent);
}

/// The smallest 1-2-5 step that is at least `wanted`.
double nice_step(double wanted) {
  wanted = std::max(wanted, kLeast);
  const int exponent = static_cast<int>(std::floor(std::log10(wanted)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    const double step = factor * power_of_ten(exponent);
    if (step >= wanted * (1 - kSlack)) return step;
  }
  return power_of_ten(exponent + 1);
}

double nice_step_above(double step) {
  return nice_step(step * 1.5);
}

double floor_to(double value, double step) {
  return std::floor(value / step + kSlack) * step;
}
double ceil_to(double value, double step) {
  return std::ceil(value / step - kSlack) * step;
}

/// Largest 1-2-5 number <= value (down) or smallest >= value (up); value > 0.
double one_two_five(double value, bool up) {
  const int exponent = static_cast<int>(std::floor(std::log10(value) + kSlack));
  double below = power_of_ten(exponent);
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    const double candidate = factor * power_of_ten(exponent);
    if (candidate >= value * (1 - kSlack)) {
      return up || candidate <= value * (1 + kSlack) ? candidate : below;
    }
    below = candidate;
  }
  return below;
}

void fit_linear(const Axis& axis, const Extent& extent, bool from_zero, double& low, double& high) {
  low = extent.any ? extent.low : 0;
  high = extent.any ? extent.high : 1;
  if (axis.percent && low >= 0 && high <= 1) {
    low = 0;
    high = 1;
    return;
  }
  if (low >= 0 && (from_zero || low <= 0.25 * high)) low = 0;
  if (high <= 0 && from_zero) high = 0;
  if (axis.minimum) low = *axis.minimum;
  if (axis.maximum) high = *axis.maximum;
  if (!(high > low)) {
    const double room = std::max(std::abs(low) * 0.5, axis.integer ? 1.0 : 1e-12);
    const bool flat_zero = low == 0;
    high = flat_zero ? 1 : low + room;
    if (!flat_zero) low = low > 0 && from_zero ? 0 : low - room;
  }
  double step = nice_step((high - low) / 5);
  if (axis.integer) step = std::max(step, 1.0);
  // What grows from zero grows by whole steps; elsewhere half steps waste less of the plot.
  const double grain = low == 0 ? step : step / 2;
  low = floor_to(low, grain);
  high = ceil_to(high, grain);
}

void fit_log(const Extent& extent, double& low, double& high) {
  low = extent.low_positive > 0 ? extent.low_positive : 1;
  high = std::max(extent.any && extent.high > 0 ? extent.high : 10, low);
  low = std::clamp(low, kLeast, kMost);
  high = std::clamp(high, low, kMost);
  double decade_low = power_of_ten(static_cast<int>(std::floor(std::log10(low) + kSlack)));
  double decade_high = power_of_ten(static_cast<int>(std::ceil(std::log10(high) - kSlack)));
  if (decade_high / decade_low <= 100 * (1 + kSlack)) {
    decade_low = one_two_five(low, false);
    decade_high = one_two_five(high, true);
  }
  low = decade_low;
  high = decade_high;
  if (high <= low * (1 + kSlack)) high = low * 10;
}

std::string superscript(int value) {
  static constexpr std::array<std::string_view, 10> kDigits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = value < 0 ? "⁻" : "";
  for (const char digit : std::to_string(std::abs(value)))
    text += kDigits[static_cast<std::size_t>(digit - '0')];
  return text;
}

std::string with_true_minus(std::string text) {
  if (!text.empty() && text[0] == '-') text.replace(0, 1, "−");
  return text;
}

int decimals_for(double step) {
  const int decimals = static_cast<int>(std::ceil(-std::log10(step) - kSlack));
  const double scaled = step * power_of_ten(std::max(decimals, 0));
  const bool quarter = std::abs(scaled - std::round(scaled)) > 1e-6;
  return std::clamp(decimals + (quarter ? 1 : 0), 0, 12);
}

std::string linear_label(const Axis& axis, double value, double step, double largest) {
  if (std::abs(value) < step * 1e-6) value = 0;
  if (axis.percent)
    return with_true_minus(fmt::format("{:.{}f}{}%", value * 100, decimals_for(step * 100), kThin));
  if (value == 0) return "0";
  if (largest < 1e-3 * (1 - kSlack) || largest >= 1e9) {
    const int exponent = static_cast<int>(std::floor(std::log10(largest) + kSlack));
    const double unit = power_of_ten(exponent);
    const std::string factor = fmt::format("{:.{}f}", value / unit, decimals_for(step / unit));
    if (factor == "1" || factor == "-1")
      return with_true_minus((value < 0 ? "-10" : "10") + superscript(exponent));
    return with_true_minus(factor + "·10" + superscript(exponent));
  }
  double unit = 1;
  std::string suffix;
  if (largest >= 1e6 && step >= 1e5 * (1 - kSlack)) {
    unit = 1e6;
    suffix = std::string(kThin) + "M";
  } else if (largest >= 1e3 && step >= 100 * (1 - kSlack)) {
    unit = 1e3;
    suffix = std::string(kThin) + "k";
  }
  return with_true_minus(fmt::format("{:.{}f}{}", value / unit, decimals_for(step / unit), suffix));
}

std::vector<Tick> linear_ticks(const Axis& axis, double low, double high, int most) {
  const auto count = [&](double step) {
    return std::floor(high / step + kSlack) - std::ceil(low / step - kSlack) + 1;
  };
  double step = nice_step((high - low) / (most + 1));
  if (axis.integer) step = std::max(step, 1.0);
  while (count(step) > most) {
    const double quarters =
        std::round(step * 8) == 4 ? 0.25 : 0;  // per cent: 0, 25, ... rather than 0, 50, 100
    step = nice_step_above(step);
    if (axis.percent && quarters > 0 && count(quarters) <= most) step = quarters;
  }
  if (axis.percent && step == 0.5 && count(0.25) <= most) step = 0.25;
  const double largest = std::max(std::abs(low), std::abs(high));
  std::vector<Tick> ticks;
  const double first = std::ceil(low / step - kSlack);
  for (int i = 0; i < static_cast<int>(count(step)); ++i) {
    const double value = (first + i) * step;
    ticks.push_back({value, linear_label(axis, value, step, largest)});
  }
  return ticks;
}

std::vector<Tick> decade_ticks(int first, int last, int most) {
  int stride = 1;
  const auto count = [&] {
    return static_cast<int>(std::floor(static_cast<double>(last) / stride) -
                            std::ceil(static_cast<double>(first) / stride)) +
           1;
  };
  while (count() > most) ++stride;
  std::vector<Tick> ticks;
  for (int exponent = first; exponent <= last; ++exponent) {
    if (exponent % stride == 0)
      ticks.push_back({power_of_ten(exponent), log_label(power_of_ten(exponent), true)});
  }
  return ticks;
}

std::vector<Tick> within_two_decades(int first, int last, double low, double high, int most) {
  for (const auto& factors : {std::vector<int>{1, 2, 5}, std::vector<int>{1, 5}, std::vector<int>{1}}) {
    std::vector<Tick> ticks;
    for (int exponent = first - 1; exponent <= last; ++exponent) {
      for (const int factor : factors) {
        const double value = factor * power_of_ten(exponent);
        if (value < low * (1 - kSlack) || value > high * (1 + kSlack)) continue;
        ticks.push_back({value, log_label(value, false)});
      }
    }
    if (static_cast<int>(ticks.size()) <= most) return ticks;
  }
  return {};
}

std::vector<Tick> log_ticks(const Axis& axis, double low, double high, int most) {
  const int first = static_cast<int>(std::ceil(std::log10(low) - kSlack));
  const int last = static_cast<int>(std::floor(std::log10(high) + kSlack));
  if (high / low >= 100 * (1 - kSlack)) return decade_ticks(first, last, most);
  auto ticks = within_two_decades(first, last, low, high, most);
  return ticks.size() >= 2 ? ticks : linear_ticks(axis, low, high, most);
}

/// Every n-th of the names in sight.
std::vector<Tick> named_ticks(const Axis& axis, double low, double high, int most) {
  std::vector<Tick> all;
  for (const AxisName& name : axis.names) {
    if (name.value >= low && name.value <= high) all.push_back({name.value, name.text});
  }
  const std::size_t stride =
      (all.size() + static_cast<std::size_t>(most) - 1) / static_cast<std::size_t>(most);
  std::vector<Tick> ticks;
  for (std::size_t i = 0; i < all.size(); i += std::max<std::size_t>(stride, 1)) ticks.push_back(all[i]);
  return ticks;
}

}  // namespace

void Extent::include(double value) {
  if (!std::isfinite(value)) return;
  value = std::clamp(value, -kMost, kMost);
  low = any ? std::min(low, value) : value;
  high = any ? std::max(high, value) : value;
  if (value > 0 && (low_positive == 0 || value < low_positive)) low_positive = value;
  any = true;
}

Axis fitted(Axis axis, const Extent& extent, bool from_zero) {
  for (auto* bound : {&axis.minimum, &axis.maximum}) {
    const bool unusable = *bound && (!std::isfinite(**bound) || (axis.scale == Scale::log && **bound <= 0));
    if (unusable) bound->reset();
    if (*bound) *bound = std::clamp(**bound, axis.scale == Scale::log ? kLeast : -kMost, kMost);
  }
  double low = 0, high = 1;
  if (axis.scale == Scale::log) {
    fit_log(extent, low, high);
  } else {
    fit_linear(axis, extent, from_zero, low, high);
  }
  if (!axis.minimum) axis.minimum = axis.maximum && *axis.maximum <= low ? *axis.maximum / 10 : low;
  if (!axis.maximum) axis.maximum = high;
  if (*axis.minimum == *axis.maximum) {
    axis.maximum = axis.scale == Scale::log ? *axis.minimum * 10
                                            : *axis.minimum + std::max(1.0, std::abs(*axis.minimum));
  }
  if (axis.scale == Scale::log && *axis.maximum < *axis.minimum) axis.maximum = *axis.minimum * 10;
  return axis;
}

std::vector<Tick> ticks_of(const Axis& axis, int most) {
  if (!axis.minimum || !axis.maximum || most < 1) return {};
  const double low = std::min(*axis.minimum, *axis.maximum), high = std::max(*axis.minimum, *axis.maximum);
  if (!std::isfinite(high - low) || high - low <= std::abs(high) * 1e-12) return {};
  if (!axis.names.empty()) return named_ticks(axis, low, high, most);
  return axis.scale == Scale::log ? log_ticks(axis, low, high, most) : linear_ticks(axis, low, high, most);
}

std::string log_label(double value, bool decades_only) {
  const int exponent = static_cast<int>(std::floor(std::log10(value) + kSlack));
  const int factor = static_cast<int>(std::lround(value / power_of_ten(exponent)));
  if (exponent >= 9 || exponent <= (decades_only ? -2 : -4)) {
    return (factor == 1 ? "10" : std::to_string(factor) + "·10") + superscript(exponent);
  }
  if (exponent >= 6) return fmt::format("{}{}M", factor * std::lround(power_of_ten(exponent - 6)), kThin);
  if (exponent >= 3) return fmt::format("{}{}k", factor * std::lround(power_of_ten(exponent - 3)), kThin);
  if (exponent >= 0) return std::to_string(factor * std::lround(power_of_ten(exponent)));
  return fmt::format("{:.{}f}", value, -exponent);
}

}  // namespace grokscope
