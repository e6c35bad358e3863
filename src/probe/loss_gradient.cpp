// See loss_gradient.h.
#include "probe/loss_gradient.h"

#include "data/target_vectors.h"
#include "probe/losses.h"
#include "probe/probe_tools.h"

namespace grokscope {

namespace {

/// Gathered for weights of that dtype.
Batch batch_for(const ProbeInput& input, const at::Tensor& flat, const at::Tensor& indices) {
  ProbeInput at_these = input;
  at_these.flat = flat;
  if (input.buffers.defined()) at_these.buffers = input.buffers.to(flat.scalar_type());
  return batch_of(at_these, indices);
}

at::Tensor mean_run_loss(const ProbeInput& input, const at::Tensor& outputs, const at::Tensor& targets) {
  if (compares_vectors(*input.data, input.config.loss.kind)) {
    const at::Tensor wanted = input.data->target_vectors.index_select(0, targets).to(at::kDouble);
    return (outputs - wanted).square().mean();
  }
  return row_losses(outputs, targets, input.config.loss.kind).mean();
}

}  // namespace

at::Tensor loss_gradient(const ProbeInput& input, const at::Tensor& flat, const at::Tensor& indices) {
  const at::Tensor targets = training_labels(*input.data).index_select(0, indices);
  const Batch batch = batch_for(input, flat, indices);
  const at::AutoGradMode with_gradients(true);
  at::Tensor gradient = at::zeros_like(flat);
  const ParameterViews leaves = leaves_of(input.model->layout(), flat, gradient);
  mean_run_loss(input, input.model->forward(leaves, batch), targets).backward();
  return gradient;
}

}  // namespace grokscope
