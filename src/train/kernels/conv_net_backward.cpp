// The backward half of the fused convolutional network.
#include <algorithm>

#include "train/kernels/conv_net.h"
#include "train/kernels/gemm.h"
#include "train/kernels/simd.h"

namespace grokscope::fused {

/// The gradient before the relu of layer `at`, from that of the layer above it, and its sums over the part.
void ConvNet::pull_through_maxima(std::size_t at, const Part& part, Worker& own) {
  Layer& layer = layers_[at];
  const bool is_last = at + 1 == layers_.size();
  PartSums& sums = layer.sums[static_cast<std::size_t>(part.index)];
  sums.d_shift.zero();
  sums.d_scale.zero();
  for (std::int64_t place = part.begin; place < part.end; place += kTogether) {
    const std::int64_t examples = std::min(kTogether, part.end - place);
    const float* d_pooled = d_features_ + place * feature_stride_;
    std::int64_t stride = feature_stride_, example = feature_stride_;
    if (!is_last) {
      const Layer& next = layers_[at + 1];
      stride = next.in_width;
      example = next.plan.positions * stride;
      counted_work(next.flop(examples),
                   [&] { pull_through_convolution(next, place, examples, own.d_input); });
      d_pooled = own.d_input;
    }
    for (std::int64_t i = 0; i < examples; ++i) {
      rows_.conv.norm_relu_pool_backward(
          norm_rows(layer, layer.norm, layer.before + (place + i) * layer.example()), d_pooled + i * example,
          stride, layer.d_before + (place + i) * layer.d_example() + layer.width, sums.d_shift, sums.d_scale);
    }
  }
}

/// The gradient of what a convolution reads: the convolution of its own gradient with the taps turned round.
void ConvNet::pull_through_convolution(const Layer& layer, std::int64_t place, std::int64_t examples,
                                       float* d_input) const {
  for (std::int64_t i = 0; i < examples; ++i) {
    rows_.multiply({layer.plan.positions, layer.in_width, kTaps * layer.width,
                    layer.d_before + (place + i) * layer.d_example(), layer.width, layer.turned,
                    layer.in_width, d_input + i * layer.plan.positions * layer.in_width, layer.in_width});
  }
}

/// The gradients of gain and shift, and the means that every example's gradient needs.
void ConvNet::join_norm_gradients(std::size_t at, const Pass& pass) {
  Layer& layer = layers_[at];
  const double rows = static_cast<double>(pass.count()) * static_cast<double>(layer.plan.positions);
  for (std::int64_t channel = 0; channel < layer.plan.out; ++channel) {
    double shift = 0.0, scale = 0.0;
    for (int index = 0; index < kParts; ++index) {
      const Part part = part_of(index, pass.count());
      if (part.begin == part.end) continue;
      shift += static_cast<double>(layer.sums[static_cast<std::size_t>(index)].d_shift[channel]);
      scale += static_cast<double>(layer.sums[static_cast<std::size_t>(index)].d_scale[channel]);
    }
    pass.gradient[layer.plan.shift + channel] = static_cast<float>(shift);
    pass.gradient[layer.plan.gain + channel] = static_cast<float>(scale);
    layer.norm.d_mean[channel] = static_cast<float>(shift / rows);
    layer.norm.d_variance[channel] = static_cast<float>(scale / rows);
  }
}

/// The gradient before normalisation, and that of the part's weights.
void ConvNet::finish_layer(std::size_t at, const Part& part) {
  Layer& layer = layers_[at];
  for (std::int64_t place = part.begin; place < part.end; ++place) {
    rows_.conv.norm_backward(norm_rows(layer, layer.norm, layer.before + place * layer.example()),
                             layer.norm.factor, layer.norm.d_mean, layer.norm.d_variance,
                             layer.d_before + place * layer.d_example() + layer.width);
  }
  Buffer& gradient = layer.gradients[static_cast<std::size_t>(part.index)];
  gradient.zero();
  counted_work(layer.flop(part.end - part.begin), [&] {
    for (std::int64_t place = part.begin; place < part.end; place += kTogether) {
      rows_.conv.add_outer_products(
          {std::min(kTogether, part.end - place), layer.plan.positions, kTaps * layer.in_width, layer.width,
           layer.input + place * layer.input_example(), layer.in_width, layer.input_example(),
           layer.d_before + place * layer.d_example() + layer.width, layer.width, layer.d_example(),
           gradient});
    }
  });
}

/// This worker's output channels of every layer and features of the readout: the parts in their order.
void ConvNet::sum_gradients(int worker, const Pass& pass) const {
  const auto sum = [&](const std::array<Buffer, kParts>& parts, std::int64_t at) {
    float total = 0.0f;
    for (int index = 0; index < kParts; ++index) {
      const Part part = part_of(index, pass.count());
      if (part.begin < part.end) total += parts[static_cast<std::size_t>(index)][at];
    }
    return total;
  };
  for (const Layer& layer : layers_) {
    const std::int64_t in = layer.plan.in;
    for (std::int64_t o = share(layer.plan.out, worker); o < share(layer.plan.out, worker + 1); ++o) {
      float* to = pass.gradient + layer.plan.W + o * in * kTaps;
      for (std::int64_t i = 0; i < in; ++i) {
        for (std::int64_t tap = 0; tap < kTaps; ++tap, ++to)
          *to = sum(layer.gradients, (tap * layer.in_width + i) * layer.width + o);
      }
    }
  }
  const std::int64_t classes = plan_.output.out;
  for (std::int64_t f = share(features_, worker); f < share(features_, worker + 1); ++f) {
    for (std::int64_t k = 0; k < classes; ++k)
      pass.gradient[plan_.output.W + f * classes + k] = sum(readout_gradients_, f * logit_stride_ + k);
  }
  for (std::int64_t k = share(classes, worker); k < share(classes, worker + 1); ++k)
    pass.gradient[plan_.output.b + k] = sum(readout_gradients_, feature_stride_ * logit_stride_ + k);
}

}  // namespace grokscope::fused
