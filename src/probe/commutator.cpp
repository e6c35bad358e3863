// See commutator.h.
#include "probe/commutator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "probe/loss_gradient.h"
#include "probe/probe_tools.h"
#include "probe/tapped_features.h"

namespace grokscope {

namespace {

constexpr double kRate = 1e-3;               // η of Xu 2026
constexpr std::int64_t kMostInABatch = 512;  // as there
constexpr int kPairsOfBatches = 5;           // as there

void fill_commutator(const ProbeInput& input, Frame& frame) {
  const std::span<const std::int64_t> train = input.split->train();
  const std::int64_t batch = std::min(kMostInABatch, static_cast<std::int64_t>(train.size()) / 2);
  if (batch < 1) {
    frame.not_applicable =
        "The commutator wants two mini-batches; there are fewer than two training examples.";
    return;
  }
  const at::Tensor weights = input.flat.to(at::kDouble);
  const auto gradient_on = [&](const at::Tensor& indices) {
    return [&input, indices](const at::Tensor& at_these) { return loss_gradient(input, at_these, indices); };
  };
  std::vector<double> defects;
  for (int pair = 0; pair < kPairsOfBatches; ++pair) {
    if (input.cancelled != nullptr && *input.cancelled) return;
    const std::string stream = "commutator." + std::to_string(input.step) + "." + std::to_string(pair);
    const at::Tensor a = drawn_from(input, train, batch, stream + ".a"),
                     b = drawn_from(input, train, batch, stream + ".b");
    const double defect = commutator_defect(weights, gradient_on(a), gradient_on(b), kRate);
    if (std::isfinite(defect)) defects.push_back(defect);
  }
  frame.scalars["batch"] = static_cast<double>(batch);
  if (defects.empty()) {
    frame.texts["undefined"] = "the gradient of a mini-batch is zero or not finite";
    return;
  }
  std::sort(defects.begin(), defects.end());
  frame.scalars["defect"] = defects[defects.size() / 2];
  frame.scalars["defect_low"] = defects.front();
  frame.scalars["defect_high"] = defects.back();
}

}  // namespace

double commutator_defect(const at::Tensor& weights, const GradientOf& gradient_a,
                         const GradientOf& gradient_b, double rate) {
  const at::Tensor a = gradient_a(weights), b = gradient_b(weights);
  const double sizes = a.norm().item<double>() * b.norm().item<double>();
  if (!(sizes > 0.0) || !std::isfinite(sizes)) return std::numeric_limits<double>::quiet_NaN();
  const at::Tensor after_a = gradient_b(weights - rate * a), after_b = gradient_a(weights - rate * b);
  // θ_AB − θ_BA = η ((g_A + g_B after A) − (g_B + g_A after B)): the weights themselves cancel.
  return (after_a - b - (after_b - a)).norm().item<double>() / (rate * sizes);
}

Frame look_at_commutator(const ProbeInput& input) {
  return guarded_look(input, "commutator", fill_commutator);
}

}  // namespace grokscope
