// The 5-layer convolutional network of Nakkiran et al. 2019 (appendix B.1; "mcnn" in their code) on images,
// with LibTorch. Any thread.
#pragma once

#include "model/model.h"

namespace grokscope {

/// Errors: no images, or too small ones for its maxima.
Result<std::shared_ptr<const Model>> make_cnn(const RunConfig& config, const Dataset& data);

}  // namespace grokscope
