#include "train/step/tensor_tools.h"

#include <cmath>
#include <cstring>

#include "data/host_tensor.h"
#include "train/step/torch_tensors.h"

namespace grokscope {

at::Tensor zeros_like_it(const at::Tensor& tensor) {
  if (is_on_host(tensor)) return host_tensor(tensor.sizes(), tensor.scalar_type());
  return torch_tensors().zeros_like(tensor);
}

at::Tensor copy_of(const at::Tensor& tensor) {
  return is_on_host(tensor) ? host_copy(tensor) : torch_tensors().copy_of(tensor);
}

at::Tensor on_host(const at::Tensor& tensor, at::ScalarType type) {
  if (is_on_host(tensor) && tensor.scalar_type() == type && !tensor.requires_grad()) return tensor;
  return torch_tensors().copy_on_host(tensor, type);
}

at::Tensor copy_on_host(const at::Tensor& tensor, at::ScalarType type) {
  if (is_on_host(tensor) && tensor.scalar_type() == type) return host_copy(tensor);
  return torch_tensors().copy_on_host(tensor, type);
}

at::Tensor on_device(const at::Tensor& tensor, const at::Device& device) {
  if (device.is_cpu() && is_on_host(tensor)) return tensor;
  return torch_tensors().on_device(tensor, device);
}

void copy_into(at::Tensor& to, const at::Tensor& from) {
  const bool alike = is_on_host(to) && is_on_host(from) && to.scalar_type() == from.scalar_type() &&
                     to.sizes() == from.sizes();
  if (!alike) return torch_tensors().copy_into(to, from);
  if (to.numel() > 0) std::memcpy(host_data<char>(to), host_data<char>(from), to.nbytes());
}

void scale(at::Tensor& tensor, double factor) {
  if (!is_on_host(tensor)) return torch_tensors().scale(tensor, factor);
  for (float& value : host_span<float>(tensor)) value *= static_cast<float>(factor);
}

double norm_of(const at::Tensor& flat) {
  const at::Tensor values = on_host(flat, at::kFloat);
  const float* x = host_data<float>(values);
  const std::int64_t size = values.numel();
  constexpr std::int64_t kLanes = 8;  // independent sums, so that the compiler may vectorise
  double sums[kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const double value = x[i + lane];
      sums[lane] += value * value;
    }
  }
  for (; i < size; ++i) sums[0] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  double total = 0.0;
  for (const double sum : sums) total += sum;
  return std::sqrt(total);
}

}  // namespace grokscope
