// Task `mnist1d`: MNIST-1D (Greydanus 2020, "Scaling down deep learning"): ten templates of twelve points,
// padded, dilated, scaled, moved, drowned in noise, sheared and read off at 40 places. The recipe and its
// numbers are the published ones, with random numbers of our own from a seed of their own: every run has the
// same signals, and its seed chooses which of them it trains on.
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "base/random.h"
#include "data/tasks/examples.h"

namespace grokscope {
namespace {

constexpr std::uint64_t kDataSeed = 42;  // the published one
constexpr std::int64_t kSignals = 16'000, kTrainingSignals = 4'000, kDigits = 10;
constexpr std::size_t kTemplatePoints = 12, kReadPoints = 40;
constexpr std::size_t kLeastPadding = 36, kMostPadding = 60;
constexpr std::size_t kPoints = kTemplatePoints + kMostPadding;  // of a signal before it is read off
constexpr std::uint64_t kMoves = 48;
constexpr double kScale = 0.4, kShear = 0.75, kCorrelatedNoise = 0.25, kWhiteNoise = 0.02;
constexpr std::size_t kNoiseReach = 8;  // points: the Gaussian of deviation 2 is cut after 4 of them
constexpr double kNotPadding = 1e-8;    // tells a template's zeros from padding

using Template = std::array<double, kTemplatePoints>;
using Signal = std::array<double, kPoints>;
using NoiseWeights = std::array<double, kNoiseReach + 1>;  // beside the middle, one side

constexpr std::array<Template, kDigits> kTemplates = {{
    {5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5},
    {5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5},
    {5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5},
    {5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5},
    {5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5},
    {5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5},
    {5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5},
    {5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5},
    {5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5},
    {5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5},
}};

/// Of deviation 1/6, beginning and ending at (almost) 0.
Template standardised(Template values) {
  double sum = 0.0, squares = 0.0;
  for (const double value : values) sum += value;
  const double mean = sum / kTemplatePoints;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / kTemplatePoints), first = values[0];
  for (double& value : values) value = (value - first) / deviation / 6.0 + kNotPadding;
  return values;
}

/// The value at `place` of `places` evenly spaced ones, the first and last of which are those of `values`.
double interpolated(std::span<const double> values, std::size_t place, std::size_t places) {
  const double at =
      static_cast<double>(place * (values.size() - 1)) / static_cast<double>(places - 1);  // exact
  const std::size_t left = std::min(static_cast<std::size_t>(at), values.size() - 2);
  return values[left] + (at - static_cast<double>(left)) * (values[left + 1] - values[left]);
}

Signal white_noise(double deviation, RandomStream& random) {
  static_assert(kPoints % 2 == 0);
  Signal noise;
  for (std::size_t i = 0; i < kPoints; i += 2) {
    const auto [one, other] = random.two_normals();
    noise[i] = deviation * one;
    noise[i + 1] = deviation * other;
  }
  return noise;
}

NoiseWeights noise_weights() {
  // exp(-i² / 8) by multiplication: the C library's exp differs between versions in the last bit.
  constexpr double kEighth = 0.8824969025845955;  // exp(-1/8)
  NoiseWeights weights{1.0};
  double odd_power = kEighth, sum = 1.0;  // i² is the sum of the first i odd numbers
  for (std::size_t i = 1; i <= kNoiseReach; ++i, odd_power *= kEighth * kEighth) {
    weights[i] = weights[i - 1] * odd_power;
    sum += 2.0 * weights[i];
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// Smoothed by a Gaussian; beyond an end the signal goes on mirrored, its last point twice.
Signal smoothed(const Signal& signal, const NoiseWeights& weights) {
  std::array<double, kPoints + 2 * kNoiseReach> wide;
  std::copy(signal.begin(), signal.end(), wide.begin() + kNoiseReach);
  for (std::size_t i = 0; i < kNoiseReach; ++i) {
    wide[kNoiseReach - 1 - i] = signal[i];
    wide[kNoiseReach + kPoints + i] = signal[kPoints - 1 - i];
  }
  Signal smooth;
  for (std::size_t i = 0; i < kPoints; ++i) {
    const double* middle = &wide[i + kNoiseReach];
    double sum = weights[0] * middle[0];
    for (std::size_t j = 1; j <= kNoiseReach; ++j)
      sum += weights[j] * (middle[j] + *(middle - static_cast<std::ptrdiff_t>(j)));
    smooth[i] = sum;
  }
  return smooth;
}

/// Padded by 36 to 60 zeros, dilated to 72 points, scaled, and turned round by up to 47.
Signal placed(const Template& digit, RandomStream& random) {
  std::array<double, kPoints> padded{};
  std::copy(digit.begin(), digit.end(), padded.begin());
  const std::size_t length = kTemplatePoints + kLeastPadding +
                             static_cast<std::size_t>(random.below(kMostPadding - kLeastPadding + 1));
  const double scale = 1.0 + kScale * (random.uniform() - 0.5);
  const auto move = static_cast<std::size_t>(random.below(kMoves));
  Signal signal;
  for (std::size_t i = 0; i < kPoints; ++i)
    signal[(i + move) % kPoints] = scale * interpolated(std::span(padded).first(length), i, kPoints);
  return signal;
}

/// One signal of a digit: kReadPoints numbers into `read`.
void draw_signal(const Template& digit, const NoiseWeights& weights, RandomStream& random, double* read) {
  Signal signal = placed(digit, random);
  const Signal background = smoothed(white_noise(kCorrelatedNoise, random), weights);
  const Signal noise = white_noise(kWhiteNoise, random);
  const double slope = kShear * (random.uniform() - 0.5);
  for (std::size_t i = 0; i < kPoints; ++i) {
    const double value = signal[i] != 0.0 ? signal[i] : background[i];
    const double along = static_cast<double>(i) / static_cast<double>(kPoints - 1) - 0.5;
    signal[i] = value + noise[i] - slope * along;
  }
  for (std::size_t i = 0; i < kReadPoints; ++i) read[i] = interpolated(signal, i, kReadPoints);
}

/// Mean 0 and deviation 1 over all numbers of all signals together.
void standardise(std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  double sum = 0.0, squares = 0.0;
  for (const double value : values) sum += value;
  const double mean = sum / count;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / count);
  for (double& value : values) value = (value - mean) / deviation;
}

}  // namespace

Result<Examples> mnist1d_examples(const TaskConfig&, std::uint64_t) {
  RandomStream random(kDataSeed, "mnist1d"), shuffle(kDataSeed, "mnist1d_order");
  const auto weights = noise_weights();
  const std::vector<std::int64_t> place_of = shuffle.permutation(kSignals);
  std::vector<double> values(static_cast<std::size_t>(kSignals) * kReadPoints);
  Examples examples;
  examples.targets.resize(static_cast<std::size_t>(kSignals));
  for (std::int64_t i = 0; i < kSignals; ++i) {
    const std::int64_t digit = i / (kSignals / kDigits);
    const auto place = static_cast<std::size_t>(place_of[static_cast<std::size_t>(i)]);
    draw_signal(standardised(kTemplates[static_cast<std::size_t>(digit)]), weights, random,
                &values[place * kReadPoints]);
    examples.targets[place] = digit;
  }
  standardise(values);
  examples.features.assign(values.begin(), values.end());
  examples.feature_count = kReadPoints;
  examples.class_count = kDigits;
  for (std::int64_t digit = 0; digit < kDigits; ++digit)
    examples.class_names.push_back(std::to_string(digit));
  examples.pool_size = kTrainingSignals;
  examples.held_out = kSignals - kTrainingSignals;
  examples.title = "MNIST-1D";
  return examples;
}

}  // namespace grokscope
