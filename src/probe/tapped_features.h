// Features of the layers of a network for chosen examples, at the weights of now or of another moment; and
// which examples. Not a probe: what several of them look at. Any thread; nothing here keeps state.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probe/probe.h"

namespace grokscope {

struct LayerFeatures {
  std::string name;
  at::Tensor features;  ///< (example, feature)
};

enum class TakenAt {
  pre_activation,  ///< before the activation function, where the layer has one
  activation,
};

/// Every tapped layer from input to output, and "output", the answers. `indices` (example). `last`, if it is
/// not "": the layers after that one may be left out.
std::vector<LayerFeatures> layers_at(const ProbeInput& input, const Moment& moment, const at::Tensor& indices,
                                     TakenAt where, const std::string& last = "");

/// Φ: of the last tapped layer, after its activation function, (example, feature) float64 on the CPU.
/// Undefined for a model that taps nothing.
at::Tensor last_hidden_features(const ProbeInput& input, const at::Tensor& indices);

/// At most `most` of them: those that a stream of config.seed ranks first among all examples, so that a
/// change of the split changes no more of them than it must. (example) in ascending order.
at::Tensor drawn_from(const ProbeInput& input, std::span<const std::int64_t> indices, std::int64_t most,
                      std::string_view stream);

}  // namespace grokscope
