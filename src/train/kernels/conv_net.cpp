// What both directions of the fused convolutional network share, its forward half, and evaluation.
#include "train/kernels/conv_net.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "train/kernels/gemm.h"
#include "train/kernels/simd.h"

namespace grokscope::fused {

ConvNet::ConvNet(ConvPlan plan, const float* rows, int workers)
    : plan_(std::move(plan)),
      features_(plan_.layers.back().out),
      feature_stride_(padded(features_)),
      logit_stride_(padded(plan_.output.out)),
      data_(rows),
      readout_(feature_stride_ * logit_stride_),
      team_(workers, use_one_blas_thread) {
  const auto channels = [](std::int64_t width) {
    const auto some = [&] { return Buffer(width); };
    return Norm{some(), some(), some(), some(), some(), some(), some()};
  };
  for (const ConvLayer& layer : plan_.layers) {
    Layer& made = layers_.emplace_back();
    made.plan = layer;
    made.width = padded(layer.out);
    made.in_width = layers_.size() == 1 ? 1 : padded(layer.in);
    made.weights = Buffer(kTaps * made.in_width * made.width);
    if (layers_.size() > 1) made.turned = Buffer(kTaps * made.width * made.in_width);
    made.norm = channels(made.width);
    kept_norms_.push_back(channels(made.width));
    for (PartSums& sums : made.sums)
      sums = {Buffer(made.width), Buffer(made.width), Buffer(made.width), Buffer(made.width)};
    for (Buffer& gradient : made.gradients) gradient = Buffer(kTaps * made.in_width * made.width);
  }
  for (Buffer& gradient : readout_gradients_) gradient = Buffer((feature_stride_ + 1) * logit_stride_);
  for (int worker = 0; worker < team_.size(); ++worker) {
    Worker& own = workers_.emplace_back();
    std::int64_t largest = 0;
    for (const Layer& layer : layers_) {
      own.input.emplace_back(layer.input_example());
      own.before.emplace_back(layer.example());
      largest = std::max(largest, layer.plan.positions * padded(layer.in_width));
    }
    own.d_input = Buffer(kTogether * largest);
    own.features = Buffer(feature_stride_);
    own.logits = Buffer(logit_stride_);
  }
}

void ConvNet::make_room(std::int64_t examples) {
  if (examples <= room_) return;
  room_ = examples;
  for (Layer& layer : layers_) {
    layer.input = Buffer(examples * layer.input_example());
    layer.before = Buffer(examples * layer.example());
    layer.d_before = Buffer(examples * layer.d_example());
  }
  feature_rows_ = Buffer(examples * feature_stride_);
  d_features_ = Buffer(examples * feature_stride_);
  logit_rows_ = Buffer(examples * logit_stride_);
}

/// Every worker some of the output channels of each layer.
void ConvNet::pack(int worker, const float* flat) {
  for (Layer& layer : layers_) {
    const std::int64_t in = layer.plan.in, width = layer.width, in_width = layer.in_width;
    for (std::int64_t o = share(layer.plan.out, worker); o < share(layer.plan.out, worker + 1); ++o) {
      const float* from = flat + layer.plan.W + o * in * kTaps;
      for (std::int64_t i = 0; i < in; ++i) {
        for (std::int64_t tap = 0; tap < kTaps; ++tap, ++from) {
          layer.weights[(tap * in_width + i) * width + o] = *from;
          if (layer.turned.size() > 0) layer.turned[((kTaps - 1 - tap) * width + o) * in_width + i] = *from;
        }
      }
    }
  }
  const std::int64_t classes = plan_.output.out;
  for (std::int64_t f = share(features_, worker); f < share(features_, worker + 1); ++f)
    std::copy_n(flat + plan_.output.W + f * classes, classes, readout_ + f * logit_stride_);
}

/// Of one example; its taps are neighbouring rows of the input.
Product ConvNet::convolution(const Layer& layer, const float* input, float* out) const {
  return {layer.plan.positions,
          layer.width,
          kTaps * layer.in_width,
          input,
          layer.in_width,
          layer.weights,
          layer.width,
          out,
          layer.width};
}

void ConvNet::copy_example(std::int64_t example, float* input) const {
  std::copy_n(data_ + example * plan_.length, plan_.length, input + 1);
}

NormRows ConvNet::norm_rows(const Layer& layer, const Norm& norm, const float* before) const {
  return {layer.plan.positions, layer.width, before,           norm.scale,
          norm.shift,           norm.mean,   norm.inverse_std, layer.plan.window};
}

template <typename Work>
void ConvNet::each_part(int worker, std::int64_t count, const Work& work) {
  for (std::int64_t index = share(kParts, worker); index < share(kParts, worker + 1); ++index) {
    const Part part = part_of(static_cast<int>(index), count);
    if (part.begin < part.end) work(part);
  }
}

void ConvNet::convolve(std::size_t at, const Part& part, const Pass& pass) {
  Layer& layer = layers_[at];
  counted_work(layer.flop(part.end - part.begin), [&] {
    for (std::int64_t place = part.begin; place < part.end; ++place) {
      float* input = layer.input + place * layer.input_example();
      if (at == 0) copy_example(pass.examples[static_cast<std::size_t>(place)], input);
      rows_.multiply(convolution(layer, input, layer.before + place * layer.example()));
    }
  });
  PartSums& sums = layer.sums[static_cast<std::size_t>(part.index)];
  rows_.conv.moments(layer.before + part.begin * layer.example(),
                     (part.end - part.begin) * layer.plan.positions, layer.width, sums.mean, sums.squares);
}

/// Mean and variance of the batch from those of its parts (Chan, Golub and LeVeque 1979).
void ConvNet::join_moments(std::size_t at, const Pass& pass) {
  Layer& layer = layers_[at];
  const auto positions = static_cast<double>(layer.plan.positions),
             all = static_cast<double>(pass.count()) * positions;
  layer.batch_mean.assign(static_cast<std::size_t>(layer.plan.out), 0.0);
  layer.batch_variance.assign(static_cast<std::size_t>(layer.plan.out), 0.0);
  const auto rows_of = [&](int index) {
    const Part part = part_of(index, pass.count());
    return static_cast<double>(part.end - part.begin) * positions;
  };
  for (std::int64_t channel = 0; channel < layer.plan.out; ++channel) {
    double mean = 0.0, squares = 0.0;
    for (int part = 0; part < kParts; ++part)
      mean +=
          rows_of(part) / all * static_cast<double>(layer.sums[static_cast<std::size_t>(part)].mean[channel]);
    for (int part = 0; part < kParts; ++part) {
      const PartSums& sums = layer.sums[static_cast<std::size_t>(part)];
      const double apart = static_cast<double>(sums.mean[channel]) - mean, rows = rows_of(part);
      if (rows > 0.0) squares += static_cast<double>(sums.squares[channel]) + rows * apart * apart;
    }
    const double inverse_std = 1.0 / std::sqrt(squares / all + plan_.epsilon);
    const double gain = static_cast<double>(pass.flat[layer.plan.gain + channel]);
    layer.norm.mean[channel] = static_cast<float>(mean);
    layer.norm.inverse_std[channel] = static_cast<float>(inverse_std);
    layer.norm.factor[channel] = layer.norm.scale[channel] = static_cast<float>(gain * inverse_std);
    layer.norm.shift[channel] = static_cast<float>(
        static_cast<double>(pass.flat[layer.plan.shift + channel]) - mean * gain * inverse_std);
    layer.batch_mean[static_cast<std::size_t>(channel)] = mean;
    layer.batch_variance[static_cast<std::size_t>(channel)] = squares / std::max(all - 1.0, 1.0);
  }
}

/// Into the input of the next layer, or the features.
void ConvNet::normalise(std::size_t at, const Part& part) {
  Layer& layer = layers_[at];
  const bool is_last = at + 1 == layers_.size();
  for (std::int64_t place = part.begin; place < part.end; ++place) {
    float* out = feature_rows_ + place * feature_stride_;
    std::int64_t stride = feature_stride_;
    if (!is_last) {
      const Layer& next = layers_[at + 1];
      stride = next.in_width;
      out = layers_[at + 1].input + place * next.input_example() + stride;
    }
    rows_.conv.norm_relu_pool(norm_rows(layer, layer.norm, layer.before + place * layer.example()), out,
                              stride);
  }
}

/// Logits of a part, their loss and its gradient, which take their place.
void ConvNet::read_out(const Part& part, const Pass& pass) {
  const std::int64_t rows = part.end - part.begin, classes = plan_.output.out;
  float* logits = logit_rows_ + part.begin * logit_stride_;
  const float* features = feature_rows_ + part.begin * feature_stride_;
  rows_.multiply({rows, logit_stride_, feature_stride_, features, feature_stride_, readout_, logit_stride_,
                  logits, logit_stride_});
  add_bias<float>(rows_, pass.flat + plan_.output.b, logits, logit_stride_, rows, classes);
  const float scale = 1.0f / static_cast<float>(pass.count());
  const auto loss = plan_.mean_squared_error ? rows_.squared_error : rows_.cross_entropy;
  double sum = 0.0;
  for (std::int64_t i = 0; i < rows; ++i) {
    float* row = logits + i * logit_stride_;
    const auto place = static_cast<std::size_t>(part.begin + i);
    if (*pass.seen) (*pass.seen)(place, row);
    sum += loss(row, classes, pass.targets[pass.examples[place]], scale, row).loss;
  }
  losses_[static_cast<std::size_t>(part.index)] = sum;
  Buffer& gradient = readout_gradients_[static_cast<std::size_t>(part.index)];
  gradient.zero();
  rows_.conv.add_outer_products({1, rows, feature_stride_, logit_stride_, features, feature_stride_, 0,
                                 logits, logit_stride_, 0, gradient});
  add_rows<float>(rows_, logits, logit_stride_, rows, gradient + feature_stride_ * logit_stride_,
                  logit_stride_);
  gemm(false, true, rows, features_, classes, logits, logit_stride_, pass.flat + plan_.output.W, classes,
       0.0f, d_features_ + part.begin * feature_stride_, feature_stride_);
}

double ConvNet::gradient(const float* flat, std::span<const std::int64_t> examples,
                         const std::int64_t* targets, float* gradient, const LogitView<float>& seen) {
  const Pass pass{flat, examples, targets, gradient, &seen};
  make_room(pass.count());
  losses_.fill(0.0);
  team_.run([&](int worker) {
    Worker& own = workers_[static_cast<std::size_t>(worker)];
    const auto each = [&](const auto& work) { each_part(worker, pass.count(), work); };
    const auto joined = [&](const auto& join) {  // what worker 0 makes of all parts
      team_.barrier();
      if (worker == 0) join();
      team_.barrier();
    };
    pack(worker, flat);
    team_.barrier();
    for (std::size_t at = 0; at < layers_.size(); ++at) {
      each([&](const Part& part) { convolve(at, part, pass); });
      joined([&] { join_moments(at, pass); });
      each([&](const Part& part) { normalise(at, part); });
    }
    each([&](const Part& part) { read_out(part, pass); });
    for (std::size_t at = layers_.size(); at-- > 0;) {
      each([&](const Part& part) { pull_through_maxima(at, part, own); });
      joined([&] { join_norm_gradients(at, pass); });
      each([&](const Part& part) { finish_layer(at, part); });
    }
    team_.barrier();
    sum_gradients(worker, pass);
  });
  double loss = 0.0;
  for (const double part : losses_) loss += part;
  return loss / static_cast<double>(pass.count());
}

void ConvNet::attach_buffers(float* buffers) {
  kept_ = buffers;
  for (const Layer& layer : layers_) {
    std::fill_n(kept_ + layer.plan.mean, layer.plan.out, 0.0f);
    std::fill_n(kept_ + layer.plan.variance, layer.plan.out, 1.0f);
  }
}

void ConvNet::keep_statistics() {
  const auto join = [&](float& kept, double now) {
    kept = static_cast<float>((1.0 - plan_.momentum) * static_cast<double>(kept) + plan_.momentum * now);
  };
  for (const Layer& layer : layers_) {
    for (std::int64_t channel = 0; channel < layer.plan.out; ++channel) {
      join(kept_[layer.plan.mean + channel], layer.batch_mean[static_cast<std::size_t>(channel)]);
      join(kept_[layer.plan.variance + channel], layer.batch_variance[static_cast<std::size_t>(channel)]);
    }
  }
}

void ConvNet::use_kept_statistics(const float* flat) {
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    const ConvLayer& layer = plan_.layers[at];
    Norm& norm = kept_norms_[at];
    for (std::int64_t channel = 0; channel < layer.out; ++channel) {
      const double scale = static_cast<double>(flat[layer.gain + channel]) /
                           std::sqrt(static_cast<double>(kept_[layer.variance + channel]) + plan_.epsilon);
      norm.scale[channel] = static_cast<float>(scale);
      norm.shift[channel] = static_cast<float>(static_cast<double>(flat[layer.shift + channel]) -
                                               static_cast<double>(kept_[layer.mean + channel]) * scale);
    }
  }
}

/// Fills own.logits, but for the bias.
void ConvNet::forward_alone(Worker& own, std::int64_t example) {
  copy_example(example, own.input.front());
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    const Layer& layer = layers_[at];
    rows_.multiply(convolution(layer, own.input[at], own.before[at]));
    const bool is_last = at + 1 == layers_.size();
    const std::int64_t stride = is_last ? feature_stride_ : layers_[at + 1].in_width;
    rows_.conv.norm_relu_pool(norm_rows(layer, kept_norms_[at], own.before[at]),
                              is_last ? own.features.data() : own.input[at + 1].data() + stride, stride);
  }
  rows_.multiply({1, logit_stride_, feature_stride_, own.features, feature_stride_, readout_, logit_stride_,
                  own.logits, logit_stride_});
}

void ConvNet::logits(const float* flat, std::span<const std::int64_t> examples,
                     const LogitSink<float>& sink) {
  use_kept_statistics(flat);
  const auto count = static_cast<std::int64_t>(examples.size());
  team_.run([&](int worker) {
    Worker& own = workers_[static_cast<std::size_t>(worker)];
    pack(worker, flat);
    team_.barrier();
    for (std::int64_t place = share(count, worker); place < share(count, worker + 1); ++place) {
      forward_alone(own, examples[static_cast<std::size_t>(place)]);
      add_bias<float>(rows_, flat + plan_.output.b, own.logits, logit_stride_, 1, plan_.output.out);
      sink(static_cast<std::size_t>(place), own.logits);
    }
  });
}

}  // namespace grokscope::fused
