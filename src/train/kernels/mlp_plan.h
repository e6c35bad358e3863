// What the two MLP cores share: where the parameters lie, a layer's multiply, the loss of a row. On pairs of
// tokens see PairMlp, on rows of numbers (images, features) FusedMlp. Torch-free: raw numbers, float or
// double, offsets into the flat vector. Called by every worker on its own rows.
#pragma once

#include <cstdint>
#include <vector>

#include "train/kernels/rows.h"

namespace grokscope::fused {

/// Offsets into the flat vector: W (in, out), b (out) or −1.
struct MlpLayer {
  std::int64_t W = -1, b = -1, in = 0, out = 0;
};

template <typename Scalar>
struct MlpPlan {
  std::int64_t tokens = 0;       // pairs
  std::int64_t W_E = -1;         // (tokens, half of what the first layer reads), or −1: one-hot
  std::vector<MlpLayer> layers;  // hidden layers of one width, then the output
  Activation activation = Activation::relu;
  bool mean_squared_error = false;
  const Scalar* target_vectors = nullptr;  // (vector, output): targets are its rows; nullptr: classes
  Scalar output_scale{1};                  // pairs
};

/// Adds `bias` (width), of which there may be none (nullptr), to every row.
template <typename Scalar>
void add_bias(const CommonKernels<Scalar>& kernels, const Scalar* bias, Scalar* rows, std::int64_t stride,
              std::int64_t count, std::int64_t width);

/// sum += all rows.
template <typename Scalar>
void add_rows(const CommonKernels<Scalar>& kernels, const Scalar* rows, std::int64_t stride,
              std::int64_t count, Scalar* sum, std::int64_t width);

/// out = x · W + b on `count` rows.
template <typename Scalar>
void affine(const CommonKernels<Scalar>& kernels, const Scalar* flat, const MlpLayer& layer, const Scalar* x,
            std::int64_t x_stride, Scalar* out, std::int64_t out_stride, std::int64_t count);

/// The loss of one row of logits, which becomes its gradient times `scale`.
template <typename Scalar>
double loss_of(const CommonKernels<Scalar>& kernels, const MlpPlan<Scalar>& plan, Scalar* row,
               std::int64_t target, Scalar scale);

}  // namespace grokscope::fused
