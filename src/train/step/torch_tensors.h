// What of LibTorch a training asks for beside its step: the library itself, and tensors wherever they are.
// Tables of functions, because LibTorch takes a second to load and a fused training on the CPU does without:
// each accessor loads it at the first call of the process. The functions are in train/torch_side/. Any
// thread.
#pragma once

#include <string>

#include "grokscope_aten.h"

namespace grokscope {

struct TorchMachine {
  /// LibTorch's part of limit_library_threads(), for the calling thread.
  void (*limit_threads)();
  bool (*has_cuda)();
  /// What LibTorch says about its BLAS, and what a multiply of 256 x 256 reaches in GFLOP/s.
  std::string (*blas_name)();
  double (*blas_gflops)();
};

/// For tensors in this process's memory see tensor_tools.h.
struct TorchTensors {
  at::Tensor (*zeros_like)(const at::Tensor& tensor);
  at::Tensor (*copy_of)(const at::Tensor& tensor);
  /// Contiguous and on the CPU.
  at::Tensor (*copy_on_host)(const at::Tensor& tensor, at::ScalarType type);
  at::Tensor (*on_device)(const at::Tensor& tensor, const at::Device& device);
  void (*copy_into)(at::Tensor& to, const at::Tensor& from);
  void (*scale)(at::Tensor& tensor, double factor);
};

/// Both throw std::runtime_error when LibTorch cannot be loaded, and prepare the calling thread for it.
const TorchMachine& torch_machine();
const TorchTensors& torch_tensors();

}  // namespace grokscope
