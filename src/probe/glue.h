// GLUE, the geometry of class manifolds as it bears on their linear separability (Chou et al. 2025, "Geometry
// Linked to Untangling Efficiency", arXiv 2503.18114, algorithm 2), and the critical dimension. Not a probe:
// arithmetic in float64. Any thread; pure functions.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "grokscope_aten.h"

namespace grokscope {

/// What is averaged over: directions t and dichotomies y.
struct GlueDraws {
  at::Tensor directions;   ///< (draw, feature) N(0, 1)
  at::Tensor dichotomies;  ///< (draw, manifold) ±1
};

/// NaN where a number is not defined. P manifolds; E over the draws; + is the pseudoinverse.
/// λ projects t on the cone of y_μ x over all points x of all manifolds μ; anchor of a manifold s_μ = Σ λ_i
/// x_i / Σ λ_i, zero where no point of it has a λ > 0. Rows of S: the anchors. S0 = E[S], S1 = S - S0; with
/// index y, rows times y_μ.
/// Where no hyperplane through the origin realises a dichotomy the cone is all of the points' span, and
/// anchors are not unique: everything but E[a] and P / E[a] is averaged over the separable draws alone, and
/// NaN where those are fewer than a fifth.
///   a = (S_y t)ᵀ (S_y S_yᵀ)+ (S_y t) = ‖projection of t on the cone‖²
///   b = (S1_y t)ᵀ (S1_y S1_yᵀ)+ (S1_y t)
///   c = (S1_y t)ᵀ (S0_y S0_yᵀ + S1_y S1_yᵀ)+ (S1_y t)
struct GlueMeasures {
  double critical_dimension;  ///< E[a]: the statistical dimension of the labelled cone
  double capacity;          ///< P / E[a]; utility (1 + radius⁻²) / dimension where all draws are separable
  double separable;         ///< share of the draws whose dichotomy is
  double dimension;         ///< E[b] / P
  double radius;            ///< √(E[c] / E[b - c])
  double utility;           ///< E[c] / E[a]
  double centre_alignment;  ///< mean over μ ≠ ν of |cos(s0_μ, s0_ν)|
  double axis_alignment;    ///< E of the same of s1_μ and s1_ν
  double centre_axis_alignment;  ///< E of the same of s0_μ and s1_ν
  std::int64_t unconverged;      ///< draws whose projection was not found to kConeTolerance
};

/// `points` (point, feature) float64, finite, manifold after manifold; `sizes` of the manifolds, each at
/// least
/// 1. Whoever sets `cancelled` gets what was drawn so far as NaN.
GlueMeasures glue_measures(const at::Tensor& points, const std::vector<std::int64_t>& sizes,
                           const GlueDraws& draws, const std::atomic<bool>* cancelled = nullptr);

}  // namespace grokscope
