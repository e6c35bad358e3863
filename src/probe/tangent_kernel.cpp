// The choice between the two ways, and the way by autograd. See tangent_kernel.h.
#include "probe/tangent_kernel.h"

#include <cmath>
#include <tuple>

#include "base/random.h"
#include "probe/probe_tools.h"
#include "probe/tapped_features.h"

namespace grokscope {

bool has_layerwise_kernel(const ProbeInput& input) {
  return input.config.model.kind == "mlp";
}

at::Tensor tangent_kernel(const ProbeInput& input, const Moment& moment, const at::Tensor& indices,
                          const at::Tensor& outputs) {
  return has_layerwise_kernel(input) ? layerwise_kernel(input, moment, indices, outputs)
                                     : gradient_kernel(input, moment, indices, outputs);
}

at::Tensor gradient_kernel(const ProbeInput& input, const Moment& moment, const at::Tensor& indices,
                           const at::Tensor& outputs) {
  const std::int64_t count = indices.size(0), directions = outputs.size(0);
  const at::Tensor u = outputs.to(moment.flat.device(), moment.flat.scalar_type());
  at::Tensor gradient = at::zeros_like(moment.flat);  // (total)
  const ParameterViews leaves = leaves_of(input.model->layout(), moment.flat, gradient);
  at::Tensor jacobian = at::empty({directions, count, gradient.size(0)}, gradient.options());
  const at::AutoGradMode with_gradients(true);
  for (std::int64_t i = 0; i < count; ++i) {
    if (is_cancelled(input)) return {};
    Batch batch = batch_of(input, indices.narrow(0, i, 1));
    batch.buffers = buffer_views_of(input, moment.buffers);
    const at::Tensor answer = input.model->forward(leaves, batch);  // (1, class)
    for (std::int64_t r = 0; r < directions; ++r) {
      const at::NoGradGuard no_gradients;
      gradient.zero_();
      answer.backward(u[r].unsqueeze(0), /*retain_graph=*/r + 1 < directions);
      jacobian[r][i].copy_(gradient);
    }
  }
  const at::NoGradGuard no_gradients;
  return at::bmm(jacobian, jacobian.transpose(1, 2)).to(at::kCPU, at::kDouble).sum(0);
}

at::Tensor output_directions(std::int64_t classes, std::int64_t most, std::uint64_t seed) {
  if (classes <= most) return at::eye(classes, at::kDouble);
  RandomStream random(seed, "kernel.outputs");
  at::Tensor numbers = at::empty({classes, most}, at::kDouble);
  auto* value = numbers.data_ptr<double>();
  for (std::int64_t i = 0; i < numbers.numel(); ++i) value[i] = random.normal();
  const double factor = std::sqrt(static_cast<double>(classes) / static_cast<double>(most));
  return (std::get<0>(at::linalg_qr(numbers)).t() * factor).contiguous();
}

}  // namespace grokscope
