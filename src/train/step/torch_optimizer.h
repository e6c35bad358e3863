// What few optimizers ask LibTorch for, as a table of functions (torch_tensors.h says why). Stepping thread.
#pragma once

#include <cstdint>

#include "grokscope_aten.h"
#include "model/parameters.h"
#include "train/step/gradient_filter.h"
#include "train/step/update_rule.h"

namespace grokscope {

/// See train/torch_side/gradient_filters.h and train/torch_side/optimizer_torch.h.
struct TorchOptimizer {
  void (*add_l1)(double l1, const at::Tensor& flat, at::Tensor& gradient);
  void (*clip_gradient)(double longest, at::Tensor& gradient);
  void (*drop_radial_part)(const ParameterLayout& layout, const at::Tensor& flat, at::Tensor& gradient);
  void (*apply_filter)(GradientFilter& filter, const OptimizerConfig& config, at::Tensor& gradient);
  NamedTensors (*filter_state)(GradientFilter& filter);
  void (*pull_part)(at::Tensor& target, const at::Tensor& towards, std::int64_t begin, std::int64_t size,
                    double factor);
  void (*update_on_device)(const UpdateRule& rule, std::int64_t begin, std::int64_t size, at::Tensor& flat,
                           const at::Tensor& gradient, at::Tensor& first, at::Tensor& second);
  void (*update_matrix)(const UpdateRule& rule, const ParameterSpec& spec, at::Tensor& flat,
                        const at::Tensor& gradient, at::Tensor& first);
  void (*clamp_on_device)(at::Tensor& flat, double norm);
};

/// Throws std::runtime_error when LibTorch cannot be loaded.
const TorchOptimizer& torch_optimizer();

}  // namespace grokscope
