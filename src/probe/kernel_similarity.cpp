// See kernel_similarity.h.
#include "probe/kernel_similarity.h"

#include <cmath>
#include <limits>

namespace grokscope {
namespace {

constexpr double kNothingLeft = 1e-12;  // of a kernel, once it is centred, relative

}  // namespace

at::Tensor centred_kernel(const at::Tensor& kernel) {
  const at::Tensor rows = kernel - kernel.mean(0, true);
  return rows - rows.mean(1, true);
}

at::Tensor centred_gram(const at::Tensor& features, double epsilon) {
  if (features.size(0) < 2) return {};
  at::Tensor centred = features.to(at::TensorOptions(at::kCPU).dtype(at::kDouble), false, /*copy=*/true);
  const double size = centred.norm().item<double>();
  if (!std::isfinite(size)) return {};
  centred.sub_(centred.mean(0, true));
  if (!(centred.norm().item<double>() > 8.0 * epsilon * size)) return {};
  return at::mm(centred, centred.t());
}

double kernel_cosine(const at::Tensor& a, const at::Tensor& b) {
  const double norms = a.norm().item<double>() * b.norm().item<double>();
  return norms > 0.0 ? a.mul(b).sum().item<double>() / norms : std::numeric_limits<double>::quiet_NaN();
}

double label_alignment(const at::Tensor& kernel, const at::Tensor& labels) {
  const at::Tensor same = labels.unsqueeze(0).eq(labels.unsqueeze(1)).to(at::kDouble);  // Y Yᵀ
  const at::Tensor a = centred_kernel(kernel), b = centred_kernel(same);
  const bool left = a.norm().item<double>() > kNothingLeft * kernel.norm().item<double>() &&
                    b.norm().item<double>() > kNothingLeft * same.norm().item<double>();
  return left ? kernel_cosine(a, b) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace grokscope
