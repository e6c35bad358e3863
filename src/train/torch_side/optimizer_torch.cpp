#include "train/torch_side/optimizer_torch.h"

#include <cmath>

#include "train/torch_side/muon.h"

namespace grokscope {

void pull_part(at::Tensor& target, const at::Tensor& towards, std::int64_t begin, std::int64_t size,
               double factor) {
  target.narrow(0, begin, size).add_(towards.narrow(0, begin, size), factor);
}

void update_on_device(const UpdateRule& rule, std::int64_t begin, std::int64_t size, at::Tensor& flat,
                      const at::Tensor& gradient, at::Tensor& first, at::Tensor& second) {
  at::Tensor weights = flat.narrow(0, begin, size), m = first.narrow(0, begin, size),
             v = second.narrow(0, begin, size);
  const at::Tensor slopes = gradient.narrow(0, begin, size);
  const bool decoupled = decays_weights(rule.kind);
  const at::Tensor g = decoupled ? slopes : slopes + weights * rule.weight_decay;
  if (rule.kind == OptimizerKind::sgd) {
    m.mul_(rule.momentum).add_(g);
    weights.sub_(m, rule.rate);
    return;
  }
  m.mul_(rule.beta1).add_(g, 1.0 - rule.beta1);
  v.mul_(rule.beta2).addcmul_(g, g, 1.0 - rule.beta2);
  const at::Tensor denominator = v.sqrt().div_(std::sqrt(rule.correction2)).add_(rule.epsilon);
  if (decoupled) weights.mul_(1.0 - rule.rate * rule.weight_decay);
  weights.addcdiv_(m, denominator, -rule.rate / rule.correction1);
}

void update_matrix(const UpdateRule& rule, const ParameterSpec& spec, at::Tensor& flat,
                   const at::Tensor& gradient, at::Tensor& first) {
  const auto view = [&spec](const at::Tensor& all) {
    return all.narrow(0, spec.offset, spec.size).view(spec.shape);  // (rows, columns)
  };
  muon_update({rule.rate, rule.weight_decay, rule.beta1}, view(flat), view(gradient), view(first));
}

void clamp_on_device(at::Tensor& flat, double norm) {
  flat.mul_(norm / flat.norm().clamp_min(1e-30));
}

}  // namespace grokscope
