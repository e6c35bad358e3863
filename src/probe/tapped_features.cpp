// See tapped_features.h.
#include "probe/tapped_features.h"

#include <algorithm>

#include "base/random.h"
#include "probe/probe_tools.h"

namespace grokscope {

std::vector<LayerFeatures> layers_at(const ProbeInput& input, const Moment& moment, const at::Tensor& indices,
                                     TakenAt where) {
  Taps taps;
  Batch batch = batch_of(input, indices);
  batch.buffers = buffer_views_of(input, moment.buffers);
  const at::Tensor answers = input.model->forward(views_of(input.model->layout(), moment.flat), batch, &taps);
  std::vector<LayerFeatures> layers;
  for (const Tap& tap : taps) {
    const bool before = where == TakenAt::pre_activation && tap.before.defined();
    const at::Tensor& features = before ? tap.before : tap.activation;
    if (!features.defined() || features.numel() == 0) continue;
    layers.push_back({tap.name, features.reshape({features.size(0), -1})});
  }
  layers.push_back({"output", answers});
  return layers;
}

at::Tensor last_hidden_features(const ProbeInput& input, const at::Tensor& indices) {
  const auto layers = layers_at(input, moment_of(input), indices, TakenAt::activation);
  return layers.size() < 2 ? at::Tensor() : cpu_double(layers[layers.size() - 2].features);
}

at::Tensor drawn_from(std::span<const std::int64_t> indices, std::int64_t most, const RunConfig& config,
                      std::string_view stream) {
  RandomStream random(static_cast<std::uint64_t>(config.seed), stream);
  const auto count = static_cast<std::int64_t>(indices.size());
  std::vector<std::int64_t> places = random.permutation(count);
  places.resize(static_cast<std::size_t>(std::min(count, most)));
  for (std::int64_t& place : places) place = indices[static_cast<std::size_t>(place)];
  std::sort(places.begin(), places.end());
  return index_tensor(places);
}

}  // namespace grokscope
