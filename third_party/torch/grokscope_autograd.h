// The one way to write an operation with a gradient of its own: torch::autograd::Function. Only .cpp files
// that define one include it; everybody else takes grokscope_aten.h, which compiles three times as fast.
#pragma once

#include "grokscope_aten.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <torch/csrc/autograd/custom_function.h>
#pragma GCC diagnostic pop
