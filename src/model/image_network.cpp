#include "model/image_network.h"

#include <algorithm>

#include "data/target_vectors.h"

namespace grokscope {

Result<ImageNetwork::Shape> ImageNetwork::shape_of(const RunConfig& config, const Dataset& data,
                                                   const std::string& kind, std::int64_t smallest) {
  if (kind_of(data.inputs) != InputKind::images)
    return usage_error("model.kind '" + kind + "' reads images, such as those of task.kind=images");
  const auto scheme = init_scheme_from(config.init.kind, InitScheme::torch);
  if (!scheme) return scheme.error();
  const auto& images = inputs_as<ImageInputs>(data.inputs);
  if (std::min(images.height, images.width) < smallest) {
    return usage_error("model.kind '" + kind + "' needs images of at least " + std::to_string(smallest) +
                       " x " + std::to_string(smallest) + " pixels, not " + std::to_string(images.height) +
                       " x " + std::to_string(images.width) + ": use model.kind=mlp");
  }
  return Shape{images.channels,    images.height, images.width, output_count(data, config.loss.kind),
               config.model.width, *scheme};
}

ImageNetwork::ImageNetwork(const RunConfig& config, const Shape& shape)
    : shape_(shape), plan_{shape.scheme, config.init.scale, shape.k, shape.classes, {}} {}

int ImageNetwork::add_convolution(const std::string& name, std::int64_t in, std::int64_t out,
                                  std::int64_t size) {
  plan_.parameters.push_back({ParameterRole::weight, in * size * size});
  return layout_.add(name + ".W", {out, in, size, size});
}

int ImageNetwork::add_bias(const std::string& name, std::int64_t out, std::int64_t fan_in) {
  plan_.parameters.push_back({ParameterRole::bias, fan_in});
  return layout_.add(name + ".b", {out});
}

void ImageNetwork::add_readout(std::int64_t features) {
  plan_.parameters.push_back({ParameterRole::unembedding, features});
  output_W_ = layout_.add("output.W", {features, shape_.classes});
  output_b_ = add_bias("output", shape_.classes, features);
}

at::Tensor ImageNetwork::images(const ParameterViews& views, const Batch& batch) const {
  return inputs_as<ImageInputs>(batch.inputs)
      .pixels.to(views.front().dtype())
      .view({-1, shape_.channels, shape_.height, shape_.width});
}

at::Tensor ImageNetwork::read_out(const ParameterViews& views, const at::Tensor& features) const {
  return at::addmm(views[static_cast<std::size_t>(output_b_)], features,
                   views[static_cast<std::size_t>(output_W_)]);
}

bool ImageNetwork::tap(Taps* taps, const Batch& batch, const std::string& name, const at::Tensor& x) {
  if (taps == nullptr) return false;
  taps->push_back({name, x.detach().flatten(1)});
  return name == batch.last_tap;
}

ReadableWeights ImageNetwork::readable(const ParameterViews& views) const {
  ReadableWeights weights;
  weights.unembedding = views[static_cast<std::size_t>(output_W_)];
  weights.neuron_to_logit = weights.unembedding;
  return weights;
}

}  // namespace grokscope
