// Convolutional networks as their definitions say, one number after the other in double: what the models are
// compared with. Test helper; sequences are images of one row.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "model/model.h"

namespace grokscope::plain {

/// (example, channel, row, column)
struct Maps {
  std::int64_t examples = 0, channels = 0, rows = 0, columns = 0;
  std::vector<double> values = {};
  double& at(std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) {
    return values[static_cast<std::size_t>(((n * channels + c) * rows + y) * columns + x)];
  }
  static Maps of(std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) {
    return {n, c, y, x, std::vector<double>(static_cast<std::size_t>(n * c * y * x))};
  }
};

/// Weights and running statistics of a model by name, from flat vectors in double.
struct Named {
  const Model& model;
  at::Tensor flat, buffers;
  std::vector<double> of(const std::string& name) const {
    for (const auto& [layout, from] :
         {std::pair{&model.layout(), &flat}, std::pair{&model.buffer_layout(), &buffers}}) {
      for (const ParameterSpec& spec : layout->specs()) {
        if (spec.name != name) continue;
        const at::Tensor part = from->narrow(0, spec.offset, spec.size).contiguous();
        return {part.data_ptr<double>(), part.data_ptr<double>() + spec.size};
      }
    }
    ADD_FAILURE() << "no parameter " << name;
    return {};
  }
};

/// Zeros outside; kernel (out, in, height, width).
inline Maps convolve(Maps in, const std::vector<double>& kernel, std::int64_t out, std::int64_t height,
                     std::int64_t width, std::int64_t stride, const std::vector<double>& bias = {}) {
  const std::int64_t up = height / 2, left = width / 2;
  Maps result = Maps::of(in.examples, out, (in.rows - 1) / stride + 1, (in.columns - 1) / stride + 1);
  for (std::int64_t n = 0; n < result.examples; ++n)
    for (std::int64_t o = 0; o < out; ++o)
      for (std::int64_t y = 0; y < result.rows; ++y)
        for (std::int64_t x = 0; x < result.columns; ++x) {
          double sum = bias.empty() ? 0.0 : bias[static_cast<std::size_t>(o)];
          for (std::int64_t i = 0; i < in.channels; ++i)
            for (std::int64_t v = 0; v < height; ++v)
              for (std::int64_t u = 0; u < width; ++u) {
                const std::int64_t row = y * stride + v - up, column = x * stride + u - left;
                if (row < 0 || row >= in.rows || column < 0 || column >= in.columns) continue;
                sum += in.at(n, i, row, column) *
                       kernel[static_cast<std::size_t>(((o * in.channels + i) * height + v) * width + u)];
              }
          result.at(n, o, y, x) = sum;
        }
  return result;
}

/// With the statistics of the batch, or (not `training`) with the running ones.
inline Maps normalise(Maps in, const Named& weights, const std::string& name, bool training) {
  const auto gain = weights.of(name + ".w"), shift = weights.of(name + ".b");
  const auto running_mean = weights.of(name + ".running_mean"),
             running_variance = weights.of(name + ".running_var");
  for (std::int64_t c = 0; c < in.channels; ++c) {
    const auto channel = static_cast<std::size_t>(c);
    double mean = 0.0, variance = 0.0;
    const auto count = static_cast<double>(in.examples * in.rows * in.columns);
    const auto each = [&](const auto& visit) {
      for (std::int64_t n = 0; n < in.examples; ++n)
        for (std::int64_t y = 0; y < in.rows; ++y)
          for (std::int64_t x = 0; x < in.columns; ++x) visit(in.at(n, c, y, x));
    };
    each([&](double value) { mean += value / count; });
    each([&](double value) { variance += (value - mean) * (value - mean) / count; });
    if (!training) mean = running_mean[channel], variance = running_variance[channel];
    each([&](double& value) {
      value = (value - mean) / std::sqrt(variance + 1e-5) * gain[channel] + shift[channel];
    });
  }
  return in;
}

inline Maps rectify(Maps in) {
  for (double& value : in.values) value = std::max(value, 0.0);
  return in;
}

/// The largest of every window; a rest is dropped.
inline Maps largest(Maps in, std::int64_t height, std::int64_t width) {
  Maps out = Maps::of(in.examples, in.channels, in.rows / height, in.columns / width);
  for (std::int64_t n = 0; n < out.examples; ++n)
    for (std::int64_t c = 0; c < out.channels; ++c)
      for (std::int64_t y = 0; y < out.rows; ++y)
        for (std::int64_t x = 0; x < out.columns; ++x) {
          double most = -1e300;
          for (std::int64_t v = 0; v < height; ++v)
            for (std::int64_t u = 0; u < width; ++u)
              most = std::max(most, in.at(n, c, y * height + v, x * width + u));
          out.at(n, c, y, x) = most;
        }
  return out;
}

inline Maps add(Maps a, const Maps& b) {
  for (std::size_t i = 0; i < a.values.size(); ++i) a.values[i] += b.values[i];
  return a;
}

/// Logits (example, class) of the mean over all pixels.
inline at::Tensor read_out(Maps in, const Named& weights, std::int64_t classes) {
  const auto W = weights.of("output.W"), b = weights.of("output.b");
  at::Tensor logits = at::zeros({in.examples, classes}, at::kDouble);
  for (std::int64_t n = 0; n < in.examples; ++n)
    for (std::int64_t k = 0; k < classes; ++k) {
      double sum = b[static_cast<std::size_t>(k)];
      for (std::int64_t c = 0; c < in.channels; ++c) {
        double mean = 0.0;
        for (std::int64_t y = 0; y < in.rows; ++y)
          for (std::int64_t x = 0; x < in.columns; ++x)
            mean += in.at(n, c, y, x) / static_cast<double>(in.rows * in.columns);
        sum += mean * W[static_cast<std::size_t>(c * classes + k)];
      }
      logits.data_ptr<double>()[n * classes + k] = sum;
    }
  return logits;
}

}  // namespace grokscope::plain
