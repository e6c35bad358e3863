// What every probe needs: one guard against LibTorch's exceptions, tensors to arrays, logits of chosen
// examples. Not a probe. Any thread; nothing here keeps state or writes to input.flat.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "probe/probe.h"

namespace grokscope {

/// Runs `fill` without gradients on checked input. A probe never throws: whatever goes wrong becomes
/// `not_applicable`.
Frame guarded_look(const ProbeInput& input, std::string_view name, void (*fill)(const ProbeInput&, Frame&));

/// Whether whoever asked for the look no longer waits for it.
inline bool is_cancelled(const ProbeInput& input) {
  return input.cancelled != nullptr && *input.cancelled;
}

/// A number that is defined becomes a scalar, any other is left out.
void write_if_finite(Frame& frame, const std::string& name, double value);

/// Any tensor as a row-major float array of the same shape.
Array array_from(const at::Tensor& tensor);
Array array_from(const std::vector<double>& values);  ///< (n)

/// A contiguous float64 copy or view on the CPU.
at::Tensor cpu_double(const at::Tensor& tensor);

/// (n) int64 of dataset indices.
at::Tensor index_tensor(std::span<const std::int64_t> indices);

/// At most `limit` of them, evenly spaced: the same choice as long as the list is the same.
std::vector<std::int64_t> spread(std::span<const std::int64_t> indices, std::int64_t limit);

/// Inputs of the examples `indices` (n), on the device of the weights.
Batch batch_of(const ProbeInput& input, const at::Tensor& indices);

/// For Batch::buffers; empty where `buffers` is undefined.
ParameterViews buffer_views_of(const ProbeInput& input, const at::Tensor& buffers);

/// Logits of `indices`, (n, class), forward in chunks with the weights `flat`, on the CPU.
at::Tensor forward_logits(const ProbeInput& input, const at::Tensor& flat, const at::Tensor& indices);

/// The labels that training uses: label noise included where there is any, (example).
const at::Tensor& training_labels(const Dataset& data);

/// input.logits on the CPU, or a forward pass over all examples: (example, class).
at::Tensor all_logits(const ProbeInput& input);

}  // namespace grokscope
