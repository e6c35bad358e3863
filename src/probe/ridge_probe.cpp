// See ridge_probe.h.
#include "probe/ridge_probe.h"

#include <array>
#include <cmath>
#include <limits>

namespace grokscope {
namespace {

constexpr std::array kPenalties{1.0, 1e-2, 1e-4, 1e-6};
constexpr std::int64_t kFolds = 5, kFewest = 10;

/// How features are centred and scaled: as the examples that are fitted to say.
struct Scaling {
  at::Tensor mean;  // (1, feature)
  double factor = 1.0;

  at::Tensor operator()(const at::Tensor& features) const { return (features - mean).mul_(factor); }
};

/// The Gram matrix and the right side of the normal equations.
struct Normal {
  Scaling scaling;
  at::Tensor gram;    // (feature, feature) FᵀF / n
  at::Tensor right;   // (feature, class) Fᵀ(Y − Ȳ) / n
  at::Tensor offset;  // (1, class) Ȳ
};

at::Tensor doubled(const at::Tensor& features) {
  return features.to(at::TensorOptions(at::kCPU).dtype(at::kDouble)).reshape({features.size(0), -1});
}

std::optional<Normal> normal_equations(const at::Tensor& features, const at::Tensor& labels,
                                       std::int64_t classes) {
  Normal normal;
  normal.scaling.mean = features.mean(0, true);
  const at::Tensor centred = features - normal.scaling.mean;
  const double variance = centred.square().mean().item<double>();
  if (!std::isfinite(variance) || !(variance > 0.0)) return std::nullopt;
  normal.scaling.factor = 1.0 / std::sqrt(variance);
  const at::Tensor scaled = normal.scaling(features);
  const at::Tensor wanted =
      at::zeros({labels.size(0), classes}, scaled.options()).scatter_(1, labels.unsqueeze(1), 1.0);
  const auto count = static_cast<double>(features.size(0));
  normal.offset = wanted.mean(0, true);
  normal.gram = at::mm(scaled.t(), scaled).div_(count);
  normal.right = at::mm(scaled.t(), wanted - normal.offset).div_(count);
  return normal;
}

/// (feature, class); undefined where the matrix cannot be factored.
at::Tensor weights_with(const Normal& normal, double penalty) {
  at::Tensor matrix = normal.gram.clone();
  matrix.diagonal().add_(penalty);
  const auto [factor, info] = at::linalg_cholesky_ex(matrix);
  return info.item<int>() == 0 ? at::cholesky_solve(normal.right, factor) : at::Tensor();
}

double accuracy_of(const Normal& normal, const at::Tensor& weights, const at::Tensor& features,
                   const at::Tensor& labels) {
  if (features.size(0) == 0) return std::numeric_limits<double>::quiet_NaN();
  const at::Tensor answers = (at::mm(normal.scaling(features), weights) + normal.offset).argmax(1);
  return answers.eq(labels).to(at::kDouble).mean().item<double>();
}

/// Indices whose place modulo kFolds is 0, and the others.
std::array<at::Tensor, 2> folds_of(std::int64_t count) {
  const at::Tensor places = at::arange(count, at::kLong), chooses = places.remainder(kFolds).eq(0);
  return {places.masked_select(chooses), places.masked_select(chooses.logical_not())};
}

}  // namespace

std::optional<RidgeProbe> ridge_probe(const at::Tensor& train_features, const at::Tensor& train_labels,
                                      const at::Tensor& test_features, const at::Tensor& test_labels,
                                      std::int64_t classes) {
  if (train_features.size(0) < kFewest) return std::nullopt;
  const at::Tensor train = doubled(train_features);
  const auto [chooses, fits] = folds_of(train.size(0));
  const auto normal =
      normal_equations(train.index_select(0, fits), train_labels.index_select(0, fits), classes);
  if (!normal) return std::nullopt;
  const at::Tensor held_features = train.index_select(0, chooses);
  const at::Tensor held_labels = train_labels.index_select(0, chooses);
  RidgeProbe probe;
  probe.chosen_accuracy = -1.0;
  at::Tensor chosen;
  for (const double penalty : kPenalties) {
    const at::Tensor weights = weights_with(*normal, penalty);
    if (!weights.defined()) continue;
    const double accuracy = accuracy_of(*normal, weights, held_features, held_labels);
    if (accuracy <= probe.chosen_accuracy) continue;
    probe.chosen_accuracy = accuracy;
    probe.penalty = penalty;
    chosen = weights;
  }
  if (!chosen.defined()) return std::nullopt;
  probe.train_accuracy = accuracy_of(*normal, chosen, train, train_labels);
  probe.test_accuracy = accuracy_of(*normal, chosen, doubled(test_features), test_labels);
  return probe;
}

}  // namespace grokscope
