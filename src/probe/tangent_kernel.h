// The empirical neural tangent kernel J Jᵀ over chosen examples, traced over the outputs. Not a probe. Any
// thread; gradients are switched on where they are needed.
#pragma once

#include "probe/probe.h"

namespace grokscope {

/// K_ij = Σ_r <∇_θ u_r·f(x_i), ∇_θ u_r·f(x_j)>, (example, example) float64, at the weights of a moment.
/// `outputs` (direction, class): rows u_r; the identity gives the kernel traced over the classes. Undefined
/// when cancelled.
at::Tensor tangent_kernel(const ProbeInput& input, const Moment& moment, const at::Tensor& indices,
                          const at::Tensor& outputs);

/// Whether tangent_kernel() can multiply layer by layer (an MLP) instead of taking a gradient an example.
bool has_layerwise_kernel(const ProbeInput& input);

/// The two ways, for tangent_kernel() and its test. Layer by layer: Σ over layers of (D D'ᵀ) ∘ (A Aᵀ + 1), D
/// the derivatives by the pre-activations and A what the layer reads; in float64 whatever the weights are in.
at::Tensor layerwise_kernel(const ProbeInput& input, const Moment& moment, const at::Tensor& indices,
                            const at::Tensor& outputs);
/// By autograd, one backward pass an example and direction, in the precision of the weights.
at::Tensor gradient_kernel(const ProbeInput& input, const Moment& moment, const at::Tensor& indices,
                           const at::Tensor& outputs);

/// At most `most` directions of `classes` outputs: the unit vectors if that many suffice; otherwise
/// orthonormal ones drawn by a stream of the seed, times √(classes / most), so that the kernel's expectation
/// over streams is that of the unit vectors. (direction, class) float64.
at::Tensor output_directions(std::int64_t classes, std::int64_t most, std::uint64_t seed);

}  // namespace grokscope
