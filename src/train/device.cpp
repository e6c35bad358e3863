#include "train/device.h"

#include <dlfcn.h>

#include <algorithm>
#include <chrono>

#include "base/threads.h"
#include "grokscope_aten.h"

namespace grokscope {
namespace {

constexpr double kSlowBlasGflops = 6.0;  // one core of any processor of this century does more

// OpenBLAS is a system library that may not be there: asked for by name at run time.
template <typename Function>
Function openblas_function(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

std::string library_name() {
  if (auto* config = openblas_function<char* (*)()>("openblas_get_config")) return config();
  const std::string all = at::show_config();
  const auto at_blas = all.find("BLAS_INFO=");
  if (at_blas == std::string::npos) return "unknown";
  const auto begin = at_blas + 10;
  return all.substr(begin, all.find_first_of(", \n", begin) - begin);
}

/// Best of three multiplies of 256 x 256 matrices by whatever BLAS LibTorch found.
double torch_multiply_gflops() {
  const at::NoGradGuard no_gradients;
  const at::Tensor a = at::full({256, 256}, 0.5, at::kFloat);
  double best_s = 1.0;
  for (int i = 0; i < 3; ++i) {
    const auto before = std::chrono::steady_clock::now();
    at::mm(a, a);
    best_s =
        std::min(best_s, std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count());
  }
  return 2e-9 * 256 * 256 * 256 / best_s;
}

}  // namespace

Status check_device(Device device) {
  if (device != Device::cuda || at::hasCUDA()) return {};
  return failure(
      "cannot train on CUDA: this LibTorch (" + torch_version() +
      ") finds no usable CUDA device; use --device cpu, or install a LibTorch built for CUDA and a driver");
}

bool uses_cuda(Device device) {
  return device != Device::cpu && at::hasCUDA();
}

void limit_library_threads() {
  static const bool once = [] {
    at::set_num_threads(1);
    if (auto* set_threads = openblas_function<void (*)(int)>("openblas_set_num_threads")) set_threads(1);
    return true;
  }();
  static_cast<void>(once);
  flush_denormals_to_zero();
  at::init_num_threads();  // OpenMP keeps its limit a thread: this applies the one above to the calling one
}

std::string torch_version() {
#ifdef TORCH_VERSION
  return TORCH_VERSION;
#else
  return "unknown";
#endif
}

std::string blas_name() {
  const double rate = torch_multiply_gflops();
  if (rate >= kSlowBlasGflops) return library_name();
  return library_name() + " (slow: " + std::to_string(static_cast<int>(rate)) +
         " GFLOP/s a core; install libopenblas0 for training at full speed)";
}

}  // namespace grokscope
