// The optimizer's few updates that are LibTorch's operations: tensors on a device, whole matrices (Muon),
// pulls towards the initial weights. Reached through train/torch_side/torch_side.h. Stepping thread.
#pragma once

#include "train/step/optimizer.h"

namespace grokscope {

/// target[begin, begin + size) += factor · towards[begin, begin + size).
void pull_part(at::Tensor& target, const at::Tensor& towards, std::int64_t begin, std::int64_t size,
               double factor);
/// sgd, adam, adamw of optimizer.h on a stretch of the flat vector, on any device.
void update_on_device(const UpdateRule& rule, std::int64_t begin, std::int64_t size, at::Tensor& flat,
                      const at::Tensor& gradient, at::Tensor& first, at::Tensor& second);
/// muon.h on one matrix of the flat vector.
void update_matrix(const UpdateRule& rule, const ParameterSpec& spec, at::Tensor& flat,
                   const at::Tensor& gradient, at::Tensor& first);
/// flat *= norm / ‖flat‖ without reading anything back.
void clamp_on_device(at::Tensor& flat, double norm);

}  // namespace grokscope
