#include "model/cnn.h"

#include <array>

#include "model/image_network.h"

namespace grokscope {
namespace {

constexpr std::int64_t kSmallestForCnn = 8;  // three halvings leave a pixel

/// Four blocks of convolution 3 x 3, normalisation, relu and maximum, of k, 2k, 4k and 8k channels; windows
/// of the maxima 1, 2, 2, and then all that is left (8 of 32 pixels), so that a channel gives one number.
class Cnn final : public ImageNetwork {
 public:
  static Result<std::shared_ptr<const Model>> make(const RunConfig& config, const Dataset& data) {
    const auto shape = shape_of(config, data, "cnn", kSmallestForCnn);
    if (!shape) return shape.error();
    return std::shared_ptr<const Model>(std::make_shared<Cnn>(config, *shape));
  }

  Cnn(const RunConfig& config, const Shape& shape) : ImageNetwork(config, shape) {
    std::int64_t in = shape.channels, out = shape.k;
    for (std::size_t i = 0; i < blocks_.size(); ++i, in = out, out *= 2) {
      const std::string number = std::to_string(i + 1);
      blocks_[i].W = add_convolution("convolution." + number, in, out, 3);
      blocks_[i].b = add_bias("convolution." + number, out, in * 9);
      blocks_[i].norm = add_norm("norm." + number, out);
    }
    add_readout(in);
  }

  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override {
    at::Tensor x = images(views, batch);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const Block& block = blocks_[i];
      x = at::conv2d(x, views[static_cast<std::size_t>(block.W)], views[static_cast<std::size_t>(block.b)], 1,
                     1);
      x = at::relu(batch_norm(block.norm, views, batch, x));
      if (i + 1 == blocks_.size()) {
        x = x.amax({2, 3});
      } else if (i > 0) {
        x = at::max_pool2d(x, 2);
      }
      if (tap(taps, batch, "hidden." + std::to_string(i + 1), x)) return {};
    }
    return read_out(views, x);
  }

 private:
  struct Block {
    int W = -1, b = -1;
    BatchNorm norm;
  };
  std::array<Block, 4> blocks_;
};

}  // namespace

Result<std::shared_ptr<const Model>> make_cnn(const RunConfig& config, const Dataset& data) {
  return Cnn::make(config, data);
}

}  // namespace grokscope
