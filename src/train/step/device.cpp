#include "train/step/device.h"

#include <dlfcn.h>

#include "grokscope_aten.h"
#include "train/kernels/gemm.h"
#include "train/step/torch_tensors.h"

namespace grokscope {
namespace {

constexpr double kSlowBlasGflops = 6.0;  // one core of any processor of this century does more

// OpenBLAS is a system library that may not be there: asked for by name at run time.
template <typename Function>
Function openblas_function(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

/// A multiply's library and its rate: LibTorch's where LibTorch multiplies, else the one we link.
struct Blas {
  std::string name;
  double gflops = 0.0;
};

Blas blas_of(std::string_view engine) {
  Blas blas;
  if (auto* config = openblas_function<char* (*)()>("openblas_get_config")) blas.name = config();
  if (engine != "autograd") {
    blas.gflops = fused::blas_gflops();
    return blas;
  }
  const TorchMachine& torch = torch_machine();
  if (blas.name.empty()) blas.name = torch.blas_name();
  blas.gflops = torch.blas_gflops();
  return blas;
}

}  // namespace

Status check_device(Device device) {
  if (device != Device::cuda || uses_cuda(device)) return {};
  return failure(
      "cannot train on CUDA: this LibTorch (" + torch_version() +
      ") finds no usable CUDA device; use --device cpu, or install a LibTorch built for CUDA and a driver");
}

bool uses_cuda([[maybe_unused]] Device device) {
#if GROKSCOPE_TORCH_HAS_CUDA
  return device != Device::cpu && torch_machine().has_cuda();
#else
  return false;  // known without loading it
#endif
}

void limit_library_threads() {
  fused::use_one_blas_thread();  // LibTorch's own pool: torch_machine()
}

std::string torch_version() {
#ifdef TORCH_VERSION
  return TORCH_VERSION;
#else
  return "unknown";
#endif
}

std::string blas_name(std::string_view engine) {
  const Blas blas = blas_of(engine);
  if (blas.gflops >= kSlowBlasGflops) return blas.name;
  return blas.name + " (slow: " + std::to_string(static_cast<int>(blas.gflops)) +
         " GFLOP/s a core; install libopenblas0 for training at full speed)";
}

}  // namespace grokscope
