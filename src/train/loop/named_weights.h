// Named weights: the flat vector of a training as the tensors that other programs expect in a file. Names and
// shapes follow PyTorch's modules: a weight of a layer is (out, in), where the mathematics in src/model has
// (in, out). docs/files.md has the table. Trainer thread.
#pragma once

#include <span>

#include "base/result.h"
#include "history/safetensors.h"
#include "model/parameters.h"

namespace grokscope {

/// What a parameter is called in a file: "blocks.0.attention.W_Q" -> "blocks.0.attention.query.weight".
std::string stored_name(const ParameterSpec& spec);

/// Of float or double, as F32 or F64.
template <typename Scalar>
void store_weights(const ParameterLayout& layout, std::span<const Scalar> flat, TensorFile& file);
/// The reverse, bit for bit. An error, and `flat` half filled, where one is missing or has another shape or
/// type.
template <typename Scalar>
Status restore_weights(const ParameterLayout& layout, const TensorFile& file, std::span<Scalar> flat);

}  // namespace grokscope
