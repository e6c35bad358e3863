// The effective theory: embeddings that attract each other through the parallelograms of the training set,
// and how fast they come to lie on a line (Liu et al. 2022, effective theory, sections 3.2 and 3.3). One
// number a token: with more, every width moves like one. Pure functions; any thread.
//
//   A (parallelogram, token): the row of (i, j, m, n) is e_i + e_j - e_m - e_n, so A E = 0 where all are kept
//   l_eff(E) = |A E|² / (|P_0| · |E|²)                                      (their eq. 7)
//   dE/dt = -∂l_eff/∂E conserves Σ E and |E|²
//   H = 2 AᵀA / (|P_0| · |E|²): λ₁ = λ₂ = 0 (shift and stretch); λ₃ is the grokking rate, and about
//   3 / (λ₃ η) steps of size η make a line
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "theory/parallelograms.h"

namespace grokscope::theory {

/// 0 without parallelograms or embeddings.
double effective_loss(std::span<const double> E, std::span<const Parallelogram> P0);
/// (token)
std::vector<double> effective_gradient(std::span<const double> E, std::span<const Parallelogram> P0);

/// Follows dE/dt = -∂l_eff/∂E for `time` in `steps` steps of the classical Runge-Kutta method.
std::vector<double> effective_flow(std::vector<double> E, std::span<const Parallelogram> P0, double time,
                                   std::int64_t steps);

/// Eigenvalues of H, ascending, (token). `squared_norm` is |E|².
std::vector<double> hessian_eigenvalues(std::span<const Parallelogram> P0, std::int64_t tokens,
                                        double squared_norm);

/// λ₃; 0 when the training set does not force a line.
double grokking_rate(std::span<const Parallelogram> P0, std::int64_t tokens, double squared_norm);

/// Dimensions of the solutions of A E = 0: 2 when lines are the only ones.
std::int64_t nullity(std::span<const Parallelogram> P0, std::int64_t tokens);

/// The share of all pairs from which on at least half of the random training sets force a line (nullity 2):
/// the theory's critical training fraction r_c. `draws` random orders of the pairs, from a stream of `seed`.
double critical_fraction(std::int64_t p, std::int64_t draws, std::uint64_t seed);

}  // namespace grokscope::theory
