// Inputs: what a network reads of every example: one type for each kind, in the order of InputKind. A model,
// a probe and a stepper ask for the type that they read. Immutable once built; any thread.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "config/task_kinds.h"
#include "grokscope_aten.h"

namespace grokscope {

struct PairInputs {
  at::Tensor pairs;  ///< (example, 2) int64
  template <typename Change>
  void each(const Change& change) {
    change(pairs);
  }
};

struct ImageInputs {
  at::Tensor pixels;  ///< (example, channel * height * width) float32 or float64 in 0..1
  std::int64_t channels = 1, height = 0, width = 0;
  template <typename Change>
  void each(const Change& change) {
    change(pixels);
  }
};

struct FeatureInputs {
  at::Tensor rows;  ///< (example, feature) float32 or float64
  template <typename Change>
  void each(const Change& change) {
    change(rows);
  }
};

struct TextInputs {
  at::Tensor tokens;  ///< (example, position) int64; 0 is padding
  template <typename Change>
  void each(const Change& change) {
    change(tokens);
  }
};

/// Molecules, padded: an example has up to `node` atoms and `edge` directed bonds; what is padding has mask 0
/// and points at node 0.
struct GraphInputs {
  at::Tensor nodes;        ///< (example, node, feature) float32
  at::Tensor node_mask;    ///< (example, node) float32: 1 for an atom
  at::Tensor edges;        ///< (example, edge, feature) float32
  at::Tensor edge_mask;    ///< (example, edge) float32
  at::Tensor edge_source;  ///< (example, edge) int64
  at::Tensor edge_target;  ///< (example, edge) int64
  template <typename Change>
  void each(const Change& change) {
    for (at::Tensor* tensor : {&nodes, &node_mask, &edges, &edge_mask, &edge_source, &edge_target})
      change(*tensor);
  }
};

using Inputs = std::variant<PairInputs, ImageInputs, FeatureInputs, TextInputs, GraphInputs>;

inline InputKind kind_of(const Inputs& inputs) {
  return static_cast<InputKind>(inputs.index());
}

/// The inputs as the type that somebody reads. Throws std::invalid_argument when they are of another: whoever
/// may meet several kinds asks kind_of() first.
template <typename Wanted>
const Wanted& inputs_as(const Inputs& inputs) {
  const Wanted* wanted = std::get_if<Wanted>(&inputs);
  if (wanted == nullptr) {
    throw std::invalid_argument("the inputs are " + std::string(name_of(kind_of(inputs))) +
                                ", which cannot be read here");
  }
  return *wanted;
}
template <typename Wanted>
Wanted& inputs_as(Inputs& inputs) {
  return const_cast<Wanted&>(inputs_as<Wanted>(std::as_const(inputs)));
}

/// The rows of numbers of images or features, (example, number). Throws as inputs_as().
inline const at::Tensor& rows_of_numbers(const Inputs& inputs) {
  const ImageInputs* images = std::get_if<ImageInputs>(&inputs);
  return images != nullptr ? images->pixels : inputs_as<FeatureInputs>(inputs).rows;
}

/// Pictures to look at, (example, height, width): of several channels their mean. `rows` (example, channel *
/// height * width), pixels or weights of pixels.
inline at::Tensor pictures_of(const at::Tensor& rows, const ImageInputs& images) {
  if (images.channels == 1) return rows.view({rows.size(0), images.height, images.width});
  return rows.view({rows.size(0), images.channels, images.height, images.width}).mean(1);
}

/// The same inputs with change(x) for every tensor x of them.
template <typename Change>
Inputs changed_inputs(Inputs inputs, const Change& change) {
  std::visit(
      [&](auto& typed) {
        typed.each([&](at::Tensor& tensor) {
          if (tensor.defined()) tensor = change(tensor);
        });
      },
      inputs);
  return inputs;
}

}  // namespace grokscope
