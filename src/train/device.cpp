#include "train/device.h"

#include <dlfcn.h>

#include <algorithm>
#include <thread>

#include "grokscope_aten.h"

namespace grokscope {
namespace {

constexpr int kMostShards = 4;
constexpr double kFlopsWorthABarrier = 2e7;  // about 0.2 ms on one core

// OpenBLAS is a system library that may not be there: asked for by name at run time.
template <typename Function>
Function openblas_function(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
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
  at::set_num_threads(1);
  if (auto* set_threads = openblas_function<void (*)(int)>("openblas_set_num_threads")) set_threads(1);
}

int choose_threads(int asked, double flops_per_step) {
  if (asked > 0) return asked;
  if (flops_per_step < kFlopsWorthABarrier) return 1;
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return std::min(cores > 2 ? cores - 1 : cores, kMostShards);  // one core stays free for the window
}

std::string torch_version() {
#ifdef TORCH_VERSION
  return TORCH_VERSION;
#else
  return "unknown";
#endif
}

std::string blas_name() {
  if (auto* config = openblas_function<char* (*)()>("openblas_get_config")) return config();
  const std::string all = at::show_config();
  const auto at_blas = all.find("BLAS_INFO=");
  if (at_blas == std::string::npos) return "unknown";
  const auto begin = at_blas + 10;
  return all.substr(begin, all.find_first_of(", \n", begin) - begin);
}

}  // namespace grokscope
