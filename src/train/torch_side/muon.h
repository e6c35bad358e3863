// Muon: the step of a weight matrix is its momentum made orthogonal. Not for vectors, embeddings and
// readouts: optimizer.cpp gives those to AdamW. Stepping thread, any device.
#pragma once

#include "grokscope_aten.h"

namespace grokscope {

/// The nearest matrix with all singular values near 1, by five Newton–Schulz iterations X ← aX + (bA + cA²)X
/// with A = XXᵀ, (a, b, c) = (3.4445, −4.7750, 2.0315) and X₀ = M/(‖M‖ + 1e-7): singular values end in about
/// 0.7 … 1.2 (Jordan et al. 2024, "Muon"). (rows, columns) float32.
at::Tensor orthogonalised(const at::Tensor& matrix);

struct MuonRule {
  double rate = 0.0;          ///< after warm-up
  double weight_decay = 0.0;  ///< decoupled, as AdamW's
  double momentum = 0.0;      ///< β
};

/// One update of a matrix W (rows, columns), with Nesterov momentum as in Jordan's code:
///   m ← βm + (1 − β)g;  W ← (1 − ηλ)W − η · 0.2 · √max(rows, columns) · orthogonalised((1 − β)g + βm)
/// The factor gives the entries the size of Adam's steps, so that one learning rate and one weight decay do
/// for both (Liu et al. 2025, "Muon is scalable", §2.2; grokking with Muon: Tveit et al. 2025).
void muon_update(const MuonRule& rule, at::Tensor weights, const at::Tensor& gradient, at::Tensor momentum);

}  // namespace grokscope
