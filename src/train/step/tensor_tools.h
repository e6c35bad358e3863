// What a training does with whole tensors: in this process's memory by itself, on a device through the torch
// side. Not arithmetic of a step. Any thread.
#pragma once

#include "config/run_config.h"
#include "grokscope_aten.h"

namespace grokscope {

/// The type of the weights, gradients and moments that train.precision asks for.
at::ScalarType number_type_of(const TrainConfig& train);

at::Tensor zeros_like_it(const at::Tensor& tensor);
/// On the same device.
at::Tensor copy_of(const at::Tensor& tensor);
/// Contiguous, on the CPU, of that type; the tensor itself where it is all that already.
at::Tensor on_host(const at::Tensor& tensor, at::ScalarType type);
/// The same, shared with nobody.
at::Tensor copy_on_host(const at::Tensor& tensor, at::ScalarType type);
at::Tensor on_device(const at::Tensor& tensor, const at::Device& device);
/// In place; the same shape and type.
void copy_into(at::Tensor& to, const at::Tensor& from);
/// tensor *= factor.
void scale(at::Tensor& tensor, double factor);
/// Euclidean norm of float32 or float64 values in float64, summed in a fixed order.
double norm_of(const at::Tensor& flat);

}  // namespace grokscope
