// What the convolutional networks on images share: how they begin, read a batch and read out. Any thread.
#pragma once

#include <string>

#include "model/batch_norm.h"
#include "model/initialisation.h"
#include "model/model.h"

namespace grokscope {

/// The base of networks of convolutions with batch normalisation, which end in one linear layer on one number
/// a channel. Their weights are drawn as nn.Conv2d and nn.Linear draw them.
class ImageNetwork : public Model {
 public:
  at::Tensor initial_parameters(std::uint64_t seed) const override {
    return draw_parameters(layout_, plan_, seed);
  }
  at::Tensor initial_buffers() const override { return first_running_statistics(buffer_layout_); }
  bool batch_is_one_piece() const override { return true; }
  ReadableWeights readable(const ParameterViews& views) const override;

 protected:
  /// What a config and a task say.
  struct Shape {
    std::int64_t channels = 0, height = 0, width = 0;  // of an image
    std::int64_t classes = 0, k = 0;                   // k: model.width
    InitScheme scheme = InitScheme::torch;
  };
  /// Errors: no images, or images smaller than `smallest` pixels in a direction; `kind` is who wants them.
  static Result<Shape> shape_of(const RunConfig& config, const Dataset& data, const std::string& kind,
                                std::int64_t smallest);

  ImageNetwork(const RunConfig& config, const Shape& shape);

  /// Registers a square kernel (out, in, size, size); returns its index.
  int add_convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t size);
  /// One more for the convolution before it: (out).
  int add_bias(const std::string& name, std::int64_t out, std::int64_t fan_in);
  BatchNorm add_norm(const std::string& name, std::int64_t channels) {
    return add_batch_norm(name, channels, plan_, layout_, buffer_layout_);
  }
  void add_readout(std::int64_t features);

  /// (example, channel, height, width) in the type of the weights.
  at::Tensor images(const ParameterViews& views, const Batch& batch) const;
  /// Logits (example, class) of features (example, feature).
  at::Tensor read_out(const ParameterViews& views, const at::Tensor& features) const;
  /// Adds a tap of x (example, channel, ...), flattened; whether the pass may end here.
  static bool tap(Taps* taps, const Batch& batch, const std::string& name, const at::Tensor& x);

  const Shape shape_;

 private:
  InitPlan plan_;
  int output_W_ = -1, output_b_ = -1;
};

}  // namespace grokscope
