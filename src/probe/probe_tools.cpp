// See probe_tools.h.
#include "probe/probe_tools.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <string>

#include "base/memory.h"
#include "data/target_vectors.h"

namespace grokscope {

namespace {

constexpr std::int64_t kForwardChunk = 1024;  // examples: keeps the activations of one pass in a few MB

std::string unusable_input(const ProbeInput& input) {
  if (!input.model || !input.data || !input.split || !input.flat.defined())
    return "There is no model to look at yet.";
  if (!at::isfinite(input.flat).all().item<bool>()) {
    return "Some weights are not finite at this step: training has diverged.";
  }
  return "";
}

}  // namespace

Frame guarded_look(const ProbeInput& input, std::string_view name, void (*fill)(const ProbeInput&, Frame&)) {
  Frame frame;
  std::string problem;
  try {
    const at::NoGradGuard no_gradients;
    problem = unusable_input(input);
    if (problem.empty()) fill(input, frame);
  } catch (const std::exception& error) {
    problem = "This probe failed: " + reason_of(error);
  }
  if (!problem.empty()) {
    frame = Frame{};
    frame.not_applicable = problem;
  }
  frame.probe = std::string(name);
  frame.step = input.step;
  return frame;
}

void write_if_finite(Frame& frame, const std::string& name, double value) {
  if (std::isfinite(value)) frame.scalars[name] = value;
}

Array array_from(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.to(at::kCPU, at::kFloat).contiguous();
  const float* values = flat.data_ptr<float>();
  return {flat.sizes().vec(), std::vector<float>(values, values + flat.numel())};
}

Array array_from(const std::vector<double>& values) {
  return {{static_cast<std::int64_t>(values.size())}, std::vector<float>(values.begin(), values.end())};
}

at::Tensor cpu_double(const at::Tensor& tensor) {
  return tensor.to(at::kCPU, at::kDouble).contiguous();
}

at::Tensor index_tensor(std::span<const std::int64_t> indices) {
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(indices.size())}, at::kLong);
  std::copy(indices.begin(), indices.end(), tensor.data_ptr<std::int64_t>());
  return tensor;
}

std::vector<std::int64_t> spread(std::span<const std::int64_t> indices, std::int64_t limit) {
  const auto size = static_cast<std::int64_t>(indices.size());
  if (size <= limit) return {indices.begin(), indices.end()};
  std::vector<std::int64_t> chosen(static_cast<std::size_t>(limit));
  for (std::int64_t i = 0; i < limit; ++i) chosen[i] = indices[i * size / limit];
  return chosen;
}

Batch batch_of(const ProbeInput& input, const at::Tensor& indices) {
  const at::Device device = input.flat.device();
  Batch batch;
  batch.inputs = changed_inputs(input.data->inputs, [&](const at::Tensor& all) {
    const at::Tensor rows = all.index_select(0, indices);  // (n, ...)
    // Numbers in the weights' dtype, so that a float64 model sees float64 pixels; tokens stay what they are.
    return rows.is_floating_point() ? rows.to(device, input.flat.scalar_type()) : rows.to(device);
  });
  batch.buffers = buffer_views_of(input, input.buffers);
  return batch;
}

ParameterViews buffer_views_of(const ProbeInput& input, const at::Tensor& buffers) {
  return buffers.defined() ? views_of(input.model->buffer_layout(), buffers) : ParameterViews{};
}

at::Tensor forward_logits(const ProbeInput& input, const at::Tensor& flat, const at::Tensor& indices) {
  const ParameterViews views = views_of(input.model->layout(), flat);
  std::vector<at::Tensor> chunks;
  for (std::int64_t begin = 0; begin < indices.size(0); begin += kForwardChunk) {
    const std::int64_t count = std::min(kForwardChunk, indices.size(0) - begin);
    const Batch batch = batch_of(input, indices.narrow(0, begin, count));
    chunks.push_back(input.model->forward(views, batch).to(at::kCPU));  // (count, class)
  }
  if (chunks.empty()) return at::empty({0, output_count(*input.data, input.config.loss.kind)});
  return chunks.size() == 1 ? chunks.front() : at::cat(chunks, 0);
}

const at::Tensor& training_labels(const Dataset& data) {
  return data.train_targets.defined() ? data.train_targets : data.targets;
}

at::Tensor all_logits(const ProbeInput& input) {
  if (input.logits.defined()) return input.logits.to(at::kCPU);
  return forward_logits(input, input.flat, at::arange(input.data->targets.size(0), at::kLong));
}

}  // namespace grokscope
