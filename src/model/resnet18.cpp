#include "model/resnet18.h"

#include <vector>

#include "model/image_network.h"

namespace grokscope {
namespace {

constexpr std::int64_t kSmallestForResnet = 8;  // three strides of 2 leave a pixel
constexpr int kStages = 4, kBlocksAStage = 2;

class Resnet18 final : public ImageNetwork {
 public:
  static Result<std::shared_ptr<const Model>> make(const RunConfig& config, const Dataset& data) {
    const auto shape = shape_of(config, data, "resnet18", kSmallestForResnet);
    if (!shape) return shape.error();
    return std::shared_ptr<const Model>(std::make_shared<Resnet18>(config, *shape));
  }

  Resnet18(const RunConfig& config, const Shape& shape) : ImageNetwork(config, shape) {
    first_ = add_convolution("convolution", shape.channels, shape.k, 3);
    std::int64_t in = shape.k, out = shape.k;
    for (int stage = 0; stage < kStages; ++stage, out *= 2) {
      for (int number = 0; number < kBlocksAStage; ++number, in = out) {
        const std::int64_t stride = stage > 0 && number == 0 ? 2 : 1;
        add_block("blocks." + std::to_string(blocks_.size()) + ".", in, out, stride);
      }
    }
    add_readout(in);
  }

  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override {
    at::Tensor x = convolve(views, first_, images(views, batch), 1, 1);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      x = apply(blocks_[i], views, batch, x);
      // Every number of an early block for every example would be gigabytes: taps are means over the pixels.
      if (tap(taps, batch, "hidden." + std::to_string(i + 1), x.mean({2, 3}))) return {};
    }
    return read_out(views, x.mean({2, 3}));
  }

 private:
  struct Block {
    BatchNorm before, between;
    int first = -1, second = -1, shortcut = -1;  // −1: what comes in is added as it is
    std::int64_t stride = 1;
  };

  void add_block(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t stride) {
    Block& block = blocks_.emplace_back();
    block.stride = stride;
    block.before = add_norm(name + "norm1", in);
    block.first = add_convolution(name + "convolution1", in, out, 3);
    block.between = add_norm(name + "norm2", out);
    block.second = add_convolution(name + "convolution2", out, out, 3);
    if (stride != 1 || in != out) block.shortcut = add_convolution(name + "shortcut", in, out, 1);
  }

  static at::Tensor convolve(const ParameterViews& views, int weights, const at::Tensor& x,
                             std::int64_t stride, std::int64_t padding) {
    const at::Tensor no_bias;
    return at::conv2d(x, views[static_cast<std::size_t>(weights)], no_bias, stride, padding);
  }

  static at::Tensor apply(const Block& block, const ParameterViews& views, const Batch& batch,
                          const at::Tensor& x) {
    const at::Tensor active = at::relu(batch_norm(block.before, views, batch, x));
    const at::Tensor beside =
        block.shortcut < 0 ? x : convolve(views, block.shortcut, active, block.stride, 0);
    const at::Tensor half = convolve(views, block.first, active, block.stride, 1);
    return convolve(views, block.second, at::relu(batch_norm(block.between, views, batch, half)), 1, 1) +
           beside;
  }

  int first_ = -1;
  std::vector<Block> blocks_;
};

}  // namespace

Result<std::shared_ptr<const Model>> make_resnet18(const RunConfig& config, const Dataset& data) {
  return Resnet18::make(config, data);
}

}  // namespace grokscope
