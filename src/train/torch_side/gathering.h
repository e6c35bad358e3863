// Taking the examples of a batch out of tensors of the whole dataset, with LibTorch. Not which they are
// (train/step/batch_order.h). Pure but for bring_to_device(). Any thread.
#pragma once

#include <cstdint>
#include <span>

#include "config/task_kinds.h"
#include "grokscope_aten.h"

namespace grokscope {

/// Of an evaluation: so many that the activations of a chunk stay in cache.
std::int64_t examples_a_chunk(InputKind kind);

/// Rows of a tensor, on its device; a run of consecutive examples is a view.
at::Tensor rows_of_examples(const at::Tensor& all, std::span<const std::int64_t> examples);

/// Fills a tensor on the device, in place where it fits: what was recorded reads it there.
void bring_to_device(const at::Tensor& values, at::Device device, at::Tensor& there);

}  // namespace grokscope
