// See tapped_features.h.
#include "probe/tapped_features.h"

#include <algorithm>

#include "base/random.h"
#include "probe/probe_tools.h"

namespace grokscope {

std::vector<LayerFeatures> layers_at(const ProbeInput& input, const Moment& moment, const at::Tensor& indices,
                                     TakenAt where, const std::string& last) {
  Taps taps;
  Batch batch = batch_of(input, indices);
  batch.last_tap = last;
  batch.buffers = buffer_views_of(input, moment.buffers);
  const at::Tensor answers = input.model->forward(views_of(input.model->layout(), moment.flat), batch, &taps);
  std::vector<LayerFeatures> layers;
  for (const Tap& tap : taps) {
    const bool before = where == TakenAt::pre_activation && tap.before.defined();
    const at::Tensor& features = before ? tap.before : tap.activation;
    if (!features.defined() || features.numel() == 0) continue;
    layers.push_back({tap.name, features.reshape({features.size(0), -1})});
  }
  if (answers.defined()) layers.push_back({"output", answers});
  return layers;
}

at::Tensor last_hidden_features(const ProbeInput& input, const at::Tensor& indices) {
  const auto layers = layers_at(input, moment_of(input), indices, TakenAt::activation);
  return layers.size() < 2 ? at::Tensor() : cpu_double(layers[layers.size() - 2].features);
}

at::Tensor drawn_from(const ProbeInput& input, std::span<const std::int64_t> indices, std::int64_t most,
                      std::string_view stream) {
  const auto ranks = RandomStream(static_cast<std::uint64_t>(input.config.seed), stream)
                         .permutation(input.data->targets.size(0));
  std::vector<std::int64_t> chosen(indices.begin(), indices.end());
  const auto count = std::min(chosen.size(), static_cast<std::size_t>(most));
  std::partial_sort(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(count), chosen.end(),
                    [&](std::int64_t a, std::int64_t b) {
                      return ranks[static_cast<std::size_t>(a)] < ranks[static_cast<std::size_t>(b)];
                    });
  chosen.resize(count);
  std::sort(chosen.begin(), chosen.end());
  return index_tensor(chosen);
}

}  // namespace grokscope
