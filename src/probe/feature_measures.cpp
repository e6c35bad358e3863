// See feature_measures.h.
#include "probe/feature_measures.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace grokscope {
namespace {

/// Of (example, feature) float64; ascending as linalg_eigvalsh has them, then turned round.
std::vector<double> eigenvalues_of(const at::Tensor& covariance) {
  const at::Tensor ascending = at::linalg_eigvalsh(covariance).contiguous();
  const double* first = ascending.data_ptr<double>();
  std::vector<double> values(first, first + ascending.numel());
  std::reverse(values.begin(), values.end());
  for (double& value : values) value = std::max(value, 0.0);
  return values;
}

void measure(FeatureMeasures& measures, double epsilon) {
  const std::vector<double>& values = measures.eigenvalues;
  const auto count = static_cast<double>(values.size());
  double sum = 0.0, squares = 0.0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
    measures.rank += value > values.front() * count * epsilon ? 1.0 : 0.0;
  }
  double entropy = 0.0;
  for (const double value : values) {
    if (value > 0.0) entropy -= value / sum * std::log(value / sum);
  }
  measures.stable_rank = sum / values.front();
  measures.effective_rank = std::exp(entropy);
  measures.participation_ratio = sum * sum / squares;
  measures.spectral_entropy =
      values.size() > 1 ? entropy / std::log(count) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double epsilon_of(const at::Tensor& tensor) {
  return tensor.scalar_type() == at::kDouble ? std::numeric_limits<double>::epsilon()
                                             : std::numeric_limits<float>::epsilon();
}

std::optional<FeatureMeasures> feature_measures(const at::Tensor& features, double epsilon) {
  if (features.size(0) < 2 || features.size(1) < 1) return std::nullopt;
  at::Tensor centred = features.to(at::TensorOptions(at::kCPU).dtype(at::kDouble), false, /*copy=*/true);
  const double size = centred.norm().item<double>();
  if (!std::isfinite(size)) return std::nullopt;
  centred.sub_(centred.mean(0, true));
  // What remains of equal rows after rounding is not a direction.
  if (!(centred.norm().item<double>() > 8.0 * epsilon * size)) return std::nullopt;
  const auto samples = static_cast<double>(features.size(0));
  FeatureMeasures measures;
  measures.eigenvalues = eigenvalues_of(at::mm(centred.t(), centred).div_(samples - 1.0));
  measure(measures, epsilon);
  return measures;
}

}  // namespace grokscope
