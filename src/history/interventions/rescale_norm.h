// The intervention "rescale_norm", for those who make one. Any thread.
#pragma once

#include "history/interventions.h"

namespace grokscope {

/// All weights are multiplied by one number so that their norm becomes `norm`, once, between two steps: a
/// jump along the ray of Omnigrok's LU portraits. Optimizer moments stay.
Intervention norm_rescaling(double norm);

/// The largest norm that weights may be rescaled to; float32 has room for their squares.
inline constexpr double kLargestNorm = 1e9;

/// Whether weights can be rescaled to that norm; the error says what can be.
Status check_norm(double norm);

}  // namespace grokscope
