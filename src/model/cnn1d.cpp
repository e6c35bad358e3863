#include "model/cnn1d.h"

#include <string>
#include <utility>

#include "model/batch_norm.h"
#include "model/cnn1d_shape.h"

namespace grokscope {
namespace {

class Cnn1d final : public Model {
 public:
  Cnn1d(const RunConfig& config, Cnn1dShape shape) : shape_(std::move(shape)) {
    plan_ = add_cnn1d_parameters(config, shape_, layout_);
    add_cnn1d_buffers(shape_, buffer_layout_);
  }

  at::Tensor initial_parameters(std::uint64_t seed) const override {
    return draw_parameters(layout_, plan_, seed);
  }
  at::Tensor initial_buffers() const override { return first_running_statistics(buffer_layout_); }
  bool batch_is_one_piece() const override { return true; }

  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override {
    const auto view = [&](int index) { return views[static_cast<std::size_t>(index)]; };
    const at::Tensor& rows = rows_of_numbers(batch.inputs);
    at::Tensor x = rows.to(view(shape_.output_W).dtype()).unsqueeze(1);  // (example, channel, position)
    for (std::size_t i = 0; i < shape_.blocks.size(); ++i) {
      const Cnn1dBlock& block = shape_.blocks[i];
      x = at::conv1d(x, view(block.W), {}, 1, 1);
      x = batch_norm({block.gain, block.shift, block.mean, block.variance}, views, batch, x);
      const at::Tensor before = taps == nullptr ? at::Tensor() : x.detach().flatten(1);
      x = at::relu(x);
      if (block.window > 1) x = at::max_pool1d(x, block.window);
      if (taps == nullptr) continue;
      taps->push_back({"hidden." + std::to_string(i + 1), x.detach().flatten(1),
                       block.window > 1 ? at::Tensor() : before});
      if (taps->back().name == batch.last_tap) return {};
    }
    return at::addmm(view(shape_.output_b), x.flatten(1), view(shape_.output_W));  // (example, class)
  }

  ReadableWeights readable(const ParameterViews& views) const override {
    ReadableWeights weights;
    weights.unembedding = views[static_cast<std::size_t>(shape_.output_W)];
    weights.neuron_to_logit = weights.unembedding;
    return weights;
  }

 private:
  Cnn1dShape shape_;
  InitPlan plan_;
};

}  // namespace

Result<std::shared_ptr<const Model>> make_cnn1d(const RunConfig& config, const Dataset& data) {
  auto shape = cnn1d_shape(config, data);
  if (!shape) return shape.error();
  return std::shared_ptr<const Model>(std::make_shared<Cnn1d>(config, std::move(*shape)));
}

}  // namespace grokscope
