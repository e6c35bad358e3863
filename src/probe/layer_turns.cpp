#include "probe/layer_turns.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/number_text.h"

namespace grokscope {
namespace {

constexpr double kGolden = 0.618;  // of the parts: steps of it never come near where they have been

}  // namespace

double work_of_layer(std::int64_t examples, std::int64_t features) {
  const auto width = static_cast<double>(features);
  return width * width * (width + static_cast<double>(examples));
}

std::int64_t parts_of(std::span<const double> work_of_layers, double work_of_a_part) {
  const double all = std::accumulate(work_of_layers.begin(), work_of_layers.end(), 0.0);
  const auto most = static_cast<double>(std::max<std::size_t>(work_of_layers.size(), 1));
  return static_cast<std::int64_t>(std::clamp(std::ceil(all / work_of_a_part), 1.0, most));
}

std::vector<std::size_t> layers_in_part(std::size_t layers, std::int64_t parts, std::int64_t number) {
  std::int64_t stride = std::max<std::int64_t>(std::llround(kGolden * static_cast<double>(parts)), 1);
  while (std::gcd(stride, parts) != 1) ++stride;
  const std::int64_t last_hidden = layers < 2 ? 0 : static_cast<std::int64_t>(layers) - 2;
  const std::int64_t turn = (last_hidden + (number % parts) * stride) % parts;
  std::vector<std::size_t> now;
  for (auto layer = static_cast<std::size_t>(turn); layer < layers; layer += static_cast<std::size_t>(parts))
    now.push_back(layer);
  return now;
}

std::string text_of_names(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::vector<std::string> names_in_text(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

std::vector<std::int64_t> steps_of_text(const std::string& text, std::size_t layers) {
  std::vector<std::int64_t> steps;
  for (const std::string& step : names_in_text(text))
    steps.push_back(whole_number_from_text(step).value_or(kNeverLookedAt));
  if (steps.size() != layers) steps.assign(layers, kNeverLookedAt);
  return steps;
}

std::string text_of_steps(std::span<const std::int64_t> steps) {
  std::string text;
  for (const std::int64_t step : steps) text += (text.empty() ? "" : ",") + std::to_string(step);
  return text;
}

void carry_over(const Frame& before, const std::string& layer, Frame& frame) {
  if (const auto found = before.arrays.find(layer + "/eigenvalues"); found != before.arrays.end())
    frame.arrays.insert(*found);
  if (const auto found = before.texts.find(layer + ".undefined"); found != before.texts.end())
    frame.texts.insert(*found);
}

}  // namespace grokscope
