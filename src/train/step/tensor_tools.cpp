#include "train/step/tensor_tools.h"

#include <cmath>
#include <cstring>

#include "data/host_tensor.h"
#include "train/step/torch_tensors.h"

namespace grokscope {
namespace {

bool is_number(at::ScalarType type) {
  return type == at::kFloat || type == at::kDouble;
}

/// Whether LibTorch is not needed to bring it to the CPU in that type.
bool converts_here(const at::Tensor& tensor, at::ScalarType type) {
  return is_on_host(tensor) && !tensor.requires_grad() && is_number(tensor.scalar_type()) && is_number(type);
}

template <typename Scalar>
double norm_of_values(const Scalar* x, std::int64_t size) {
  constexpr std::int64_t kSums = 8;  // independent sums, so that the compiler may vectorise
  double sums[kSums] = {};
  std::int64_t i = 0;
  for (; i + kSums <= size; i += kSums) {
    for (std::int64_t lane = 0; lane < kSums; ++lane) {
      const double value = x[i + lane];
      sums[lane] += value * value;
    }
  }
  for (; i < size; ++i) sums[0] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  double total = 0.0;
  for (const double sum : sums) total += sum;
  return std::sqrt(total);
}

}  // namespace

at::ScalarType number_type_of(const TrainConfig& train) {
  return computes_in_double(train) ? at::kDouble : at::kFloat;
}

at::Tensor zeros_like_it(const at::Tensor& tensor) {
  if (is_on_host(tensor)) return host_tensor(tensor.sizes(), tensor.scalar_type());
  return torch_tensors().zeros_like(tensor);
}

at::Tensor copy_of(const at::Tensor& tensor) {
  return is_on_host(tensor) ? host_copy(tensor) : torch_tensors().copy_of(tensor);
}

at::Tensor on_host(const at::Tensor& tensor, at::ScalarType type) {
  if (is_on_host(tensor) && tensor.scalar_type() == type && !tensor.requires_grad()) return tensor;
  if (converts_here(tensor, type)) return host_converted(tensor, type);
  return torch_tensors().copy_on_host(tensor, type);
}

at::Tensor copy_on_host(const at::Tensor& tensor, at::ScalarType type) {
  if (is_on_host(tensor) && tensor.scalar_type() == type) return host_copy(tensor);
  if (converts_here(tensor, type)) return host_converted(tensor, type);
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
  with_number_of(tensor.scalar_type(), [&](auto number) {
    for (auto& value : host_span<decltype(number)>(tensor)) value *= static_cast<decltype(number)>(factor);
  });
}

double norm_of(const at::Tensor& flat) {
  const at::Tensor values = on_host(flat, flat.scalar_type());
  return with_number_of(values.scalar_type(), [&](auto number) {
    return norm_of_values(host_data<decltype(number)>(values), values.numel());
  });
}

}  // namespace grokscope
