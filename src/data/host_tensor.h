// Tensors in this process's memory, made and read with libc10 alone: what a fused training runs on before
// LibTorch's operations are loaded (train/torch_side/torch_side.h). No arithmetic. Any thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "grokscope_aten.h"

namespace grokscope {

/// Contiguous, filled with zero bytes. Throws c10::Error when there is no memory for it.
inline at::Tensor host_tensor(at::IntArrayRef shape, at::ScalarType type) {
  const caffe2::TypeMeta meta = c10::scalarTypeToTypeMeta(type);
  std::size_t bytes = meta.itemsize();
  for (const std::int64_t extent : shape) bytes *= static_cast<std::size_t>(extent);
  c10::Storage storage(c10::Storage::use_byte_size_t(), bytes, c10::GetAllocator(c10::DeviceType::CPU), true);
  auto tensor = c10::make_intrusive<c10::TensorImpl>(std::move(storage),
                                                     c10::DispatchKeySet(c10::DispatchKey::CPU), meta);
  tensor->set_sizes_contiguous(shape);
  at::Tensor made(std::move(tensor));
  if (bytes > 0) std::memset(const_cast<void*>(made.unsafeGetTensorImpl()->data()), 0, bytes);
  return made;
}

/// The elements of a contiguous tensor on the CPU.
template <typename Element>
Element* host_data(const at::Tensor& tensor) {
  if (tensor.numel() == 0) return nullptr;
  return static_cast<Element*>(
      const_cast<void*>(static_cast<const void*>(tensor.unsafeGetTensorImpl()->data())));
}

template <typename Element>
std::span<Element> host_span(const at::Tensor& tensor) {
  return {host_data<Element>(tensor), static_cast<std::size_t>(tensor.numel())};
}

/// work(number), where `number` is a zero of that floating-point type: float or double.
template <typename Work>
decltype(auto) with_number_of(at::ScalarType type, const Work& work) {
  return type == at::kDouble ? work(double{}) : work(float{});
}

/// A copy of a contiguous tensor on the CPU.
inline at::Tensor host_copy(const at::Tensor& tensor) {
  at::Tensor copy = host_tensor(tensor.sizes(), tensor.scalar_type());
  if (tensor.numel() > 0) std::memcpy(host_data<char>(copy), host_data<char>(tensor), tensor.nbytes());
  return copy;
}

/// The numbers of a contiguous tensor of float32 or float64 on the CPU, in the type `to`, which is one of
/// these.
inline at::Tensor host_converted(const at::Tensor& tensor, at::ScalarType to) {
  at::Tensor converted = host_tensor(tensor.sizes(), to);
  with_number_of(tensor.scalar_type(), [&](auto from_number) {
    with_number_of(to, [&](auto to_number) {
      const auto from = host_span<decltype(from_number)>(tensor);
      auto* out = host_data<decltype(to_number)>(converted);
      for (std::size_t i = 0; i < from.size(); ++i) out[i] = static_cast<decltype(to_number)>(from[i]);
    });
  });
  return converted;
}

/// Whether it may be read by host_data().
inline bool is_on_host(const at::Tensor& tensor) {
  return tensor.is_cpu() && tensor.is_contiguous();
}

}  // namespace grokscope
