// One pass of an optimizer over the flat vector, compiled once per instruction set with rows_impl.h; the
// rules stand in train/step/optimizer.cpp. Element by element: the result does not depend on how the vector
// is cut.
#pragma once

#include <cmath>
#include <cstdint>

#include "train/kernels/rows.h"

#ifndef GROKSCOPE_ROWS_ISA
#define GROKSCOPE_ROWS_ISA baseline
#endif

namespace grokscope::fused::GROKSCOPE_ROWS_ISA {

template <typename Scalar>
static void adam(const UpdateFactors<Scalar>& factors, std::int64_t size, Scalar* __restrict weights,
                 const Scalar* __restrict gradient, Scalar* __restrict first, Scalar* __restrict second) {
  const UpdateFactors<Scalar> r = factors;
  for (std::int64_t i = 0; i < size; ++i) {
    const Scalar g = gradient[i] + r.l2 * weights[i];
    const Scalar m = r.beta1 * first[i] + r.rest1 * g;
    const Scalar v = r.beta2 * second[i] + r.rest2 * g * g;
    first[i] = m;
    second[i] = v;
    weights[i] = r.keep * weights[i] - r.adam_rate * m / (std::sqrt(v) * r.root + r.epsilon);
  }
}

template <typename Scalar>
static void sgd(const UpdateFactors<Scalar>& factors, std::int64_t size, Scalar* __restrict weights,
                const Scalar* __restrict gradient, Scalar* __restrict first) {
  const UpdateFactors<Scalar> r = factors;
  for (std::int64_t i = 0; i < size; ++i) {
    const Scalar m = r.momentum * first[i] + gradient[i] + r.l2 * weights[i];
    first[i] = m;
    weights[i] -= r.rate * m;
  }
}

}  // namespace grokscope::fused::GROKSCOPE_ROWS_ISA
