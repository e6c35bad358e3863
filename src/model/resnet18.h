// The pre-activation ResNet18 (He et al. 2016) of width k of Nakkiran et al. 2019 on images, with LibTorch; k
// = 64 is the usual one. As in their code nothing normalises behind the last block. Any thread.
#pragma once

#include "model/model.h"

namespace grokscope {

/// Errors: no images, or too small ones for its strides.
Result<std::shared_ptr<const Model>> make_resnet18(const RunConfig& config, const Dataset& data);

}  // namespace grokscope
