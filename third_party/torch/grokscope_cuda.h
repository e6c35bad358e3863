// The one way to include what LibTorch has for CUDA graphs: only where it was built with CUDA.
#pragma once

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
