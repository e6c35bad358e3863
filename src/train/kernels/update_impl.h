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

static void adam(const UpdateFactors& factors, std::int64_t size, float* __restrict weights,
                 const float* __restrict gradient, float* __restrict first, float* __restrict second) {
  const UpdateFactors r = factors;
  for (std::int64_t i = 0; i < size; ++i) {
    const float g = gradient[i] + r.l2 * weights[i];
    const float m = r.beta1 * first[i] + r.rest1 * g;
    const float v = r.beta2 * second[i] + r.rest2 * g * g;
    first[i] = m;
    second[i] = v;
    weights[i] = r.keep * weights[i] - r.adam_rate * m / (std::sqrt(v) * r.root + r.epsilon);
  }
}

static void sgd(const UpdateFactors& factors, std::int64_t size, float* __restrict weights,
                const float* __restrict gradient, float* __restrict first) {
  const UpdateFactors r = factors;
  for (std::int64_t i = 0; i < size; ++i) {
    const float m = r.momentum * first[i] + gradient[i] + r.l2 * weights[i];
    first[i] = m;
    weights[i] -= r.rate * m;
  }
}

}  // namespace grokscope::fused::GROKSCOPE_ROWS_ISA
