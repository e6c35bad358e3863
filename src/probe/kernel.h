// The kernel probe: the empirical neural tangent kernel, how it is aligned with the labels and how far it has
// moved; and the kernel of the last layer alone, on what is trained on and on what is not. Jobs thread.
//
// K_ij = Σ_r <∇_θ u_r·f(x_i), ∇_θ u_r·f(x_j)>: traced over the classes where those are at most 16 (an MLP) or
// 2 (other networks, which need a backward pass an example and direction); otherwise over as many orthonormal
// directions of the outputs, drawn once by a stream of config.seed and scaled so that the expectation is the
// trace. Examples: up to 8 classes (4 of other networks), drawn once, as many training as test examples of
// each (class_sample.h), as far as they can be afforded; training examples with the labels that training
// uses.
//
// A(K, Y) = <HKH, HYYᵀH>_F / (‖HKH‖_F ‖HYYᵀH‖_F) with H = I - 11ᵀ/m, S(K, K') = 1 - <K, K'>_F / (‖K‖_F
// ‖K'‖_F). Φ: the last hidden features after their activation function; Φ Φᵀ ⊗ I is the tangent kernel of the
// last layer. Of each name that ends in _ there are _train and _test:
//
//   scalars alignment_                A(K, Y): centred kernel-label alignment
//           distance_from_start_      S(K, K at step 0 of this run)
//           distance_from_before_     S(K, K at this probe's previous look)
//           trace_                    tr K / m
//           last_layer_alignment_     A(Φ Φᵀ, Y), on up to 8 classes with 32 points
//           readout_train_bias        last_layer_alignment_train - last_layer_alignment_test
//           classes, samples          of the tangent kernel, samples of each part
//           last_layer_samples        of each part
//           output_directions         how many u_r
//           before_step               the step of the previous look
//   texts   traced                    over what, in words
//           train_undefined, test_undefined, alignment_<part>_undefined,
//           last_layer_alignment_<part>_undefined, from_start_undefined, from_before_undefined    why not
//
// A scalar that is not defined is left out. Sources: Kumar et al. 2024 (arXiv 2310.06110), "Two Speeds of
// Learning" (arXiv 2605.27078), Zheng et al. (UniReps 2024).
#pragma once

#include "probe/probe.h"

namespace grokscope {

Frame look_at_kernel(const ProbeInput& input);

}  // namespace grokscope
