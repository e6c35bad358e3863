// Where a run computes and with how many threads, and what LibTorch and BLAS are called. Trainer thread;
// torch-free header.
#pragma once

#include <string>
#include <string_view>

#include "contract/ports.h"

namespace grokscope {

/// Whether this build and machine can train on CUDA; the error says why not.
Status check_device(Device device);

/// True when the run goes to the GPU; check_device() was asked before.
bool uses_cuda(Device device);

/// One thread in LibTorch and in BLAS: shards are ours, and their sums must not depend on
/// how a pool of threads shares its work. Denormal numbers count as zero. Every thread that computes calls
/// it.
void limit_library_threads();

std::string torch_version();
/// "OpenBLAS 0.3.21 ... Haswell", or what LibTorch says about its own. A reference BLAS, a hundred times
/// slower than this processor could be, is said to be one, with what to install. engine: who multiplies
/// ("fused", "autograd").
std::string blas_name(std::string_view engine);

}  // namespace grokscope
