// See lu.h.
#include "probe/lu.h"
#include "model/step_shape.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "data/target_vectors.h"
#include "probe/losses.h"
#include "probe/probe_tools.h"

namespace grokscope {

namespace {

constexpr std::int64_t kRayExamples = 1024;  // of each class: a curve within a few percent
constexpr std::int64_t kLeastRayExamples = 64;
constexpr double kRayGflop = 400.0;  // several seconds of one core: a run's last ray is waited for
constexpr int kRayPoints = 33;
constexpr double kWorthAValley = 0.8;  // of the chance loss: anything higher is no valley
constexpr double kLeastLoss = 1e-8;    // float32 logits resolve no less
constexpr double kRayLow = 0.1, kRayHigh = 3.2;

struct RayClass {
  at::Tensor indices;  // (n)
  at::Tensor targets;  // (n)
  std::int64_t available = 0;
};

struct Ray {
  std::vector<double> scale, train_loss, test_loss, train_accuracy, test_accuracy;
};

/// How many of each class: fewer where an example costs much (a long text through an LSTM). Counted, not
/// timed: the same run gives the same curve on any machine.
std::int64_t ray_examples(const RunConfig& config, const Dataset& data) {
  const StepFlops all = step_flops(config, step_shape(data, kRayExamples), Arithmetic::tables);
  const double forward_gflop = all.multiplies / 3.0 / static_cast<double>(kRayExamples) / 1e9;
  const double affordable = kRayGflop / (2.0 * (kRayPoints + 1) * forward_gflop);
  if (!(affordable < static_cast<double>(kRayExamples))) return kRayExamples;
  return std::max(kLeastRayExamples, static_cast<std::int64_t>(affordable));
}

RayClass ray_class(std::span<const std::int64_t> indices, const at::Tensor& targets, std::int64_t limit) {
  RayClass chosen;
  chosen.indices = index_tensor(spread(indices, limit));
  chosen.targets = targets.index_select(0, chosen.indices);
  chosen.available = static_cast<std::int64_t>(indices.size());
  return chosen;
}

std::string subset_text(const RayClass& train, const RayClass& test) {
  const auto part = [](const RayClass& one, const std::string& name) {
    const std::string count = std::to_string(one.indices.size(0));
    if (one.indices.size(0) == one.available) return "all " + count + " " + name + " examples";
    return count + " of " + std::to_string(one.available) + " " + name + " examples";
  };
  return part(train, "training") + ", " + part(test, "test");
}

std::vector<double> ray_scales() {
  std::vector<double> scales;
  scales.reserve(kRayPoints + 1);
  for (int i = 0; i < kRayPoints; ++i) {
    scales.push_back(kRayLow * std::pow(kRayHigh / kRayLow, static_cast<double>(i) / (kRayPoints - 1)));
  }
  scales.insert(std::upper_bound(scales.begin(), scales.end(), 1.0), 1.0);
  return scales;
}

/// Through the model as it is written: slow, and always possible.
ScoreWeights plain_scorer(const ProbeInput& input, const RayClass& train, const RayClass& test) {
  return [&input, &train, &test](const at::Tensor& flat) {
    const std::string& kind = input.config.loss.kind;
    const Dataset& data = *input.data;
    const at::Tensor train_logits = forward_logits(input, flat, train.indices);
    const at::Tensor test_logits = forward_logits(input, flat, test.indices);
    if (compares_vectors(data, kind)) {
      return WeightScores{mean_vector_loss(train_logits, train.targets, data),
                          vector_accuracy(train_logits, train.targets, data),
                          mean_vector_loss(test_logits, test.targets, data),
                          vector_accuracy(test_logits, test.targets, data)};
    }
    return WeightScores{mean_loss(train_logits, train.targets, kind), accuracy(train_logits, train.targets),
                        mean_loss(test_logits, test.targets, kind), accuracy(test_logits, test.targets)};
  };
}

void add_point(double scale, const WeightScores& scores, Ray& ray) {
  ray.scale.push_back(scale);
  ray.train_loss.push_back(scores.train_loss);
  ray.train_accuracy.push_back(scores.train_accuracy);
  ray.test_loss.push_back(scores.test_loss);
  ray.test_accuracy.push_back(scores.test_accuracy);
}

/// The loss of a network that knows nothing: the same guess for every class, or the mean answer to
/// everything.
double chance_loss(const std::string& kind, const Dataset& data) {
  if (compares_vectors(data, kind)) return constant_guess_loss(data.targets, data.target_vectors);
  const auto count = static_cast<double>(data.class_count);
  return kind == "mse" ? (1.0 - 1.0 / count) / count : std::log(count);
}

/// Halfway down to the lowest test loss from what chance gives, on the log axis that the curves are drawn on.
void write_valley(const Ray& ray, double norm_now, double chance, Frame& frame) {
  double lowest = std::numeric_limits<double>::infinity(), most_accurate = 0.0;
  for (std::size_t i = 0; i < ray.scale.size(); ++i) {
    if (std::isfinite(ray.test_loss[i])) lowest = std::min(lowest, ray.test_loss[i]);
    if (std::isfinite(ray.train_accuracy[i])) most_accurate = std::max(most_accurate, ray.train_accuracy[i]);
  }
  if (!(lowest < kWorthAValley * chance)) return;
  const double halfway = std::sqrt(std::max(lowest, kLeastLoss) * chance);
  const auto inside = [&](std::size_t i) {
    return ray.test_loss[i] <= halfway && ray.train_accuracy[i] >= 0.9 * most_accurate;
  };
  std::size_t best = ray.scale.size();
  for (std::size_t i = 0; i < ray.scale.size(); ++i) {
    if (inside(i) && (best == ray.scale.size() || ray.test_loss[i] < ray.test_loss[best])) best = i;
  }
  if (best == ray.scale.size()) return;
  std::size_t low = best, high = best;
  while (low > 0 && inside(low - 1)) --low;
  while (high + 1 < ray.scale.size() && inside(high + 1)) ++high;
  // Between the last point inside and the first outside, where the curve crosses: the edges move with the
  // curve and not from point to point of the ray.
  const auto edge = [&](std::size_t in, std::size_t out) {
    const auto crossing = [](double inner, double outer, double level) {
      const double share = (level - inner) / (outer - inner);
      return std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
    };
    double share = 1.0;
    if (!(ray.test_loss[out] <= halfway)) {
      const auto height = [](double loss) { return std::log(std::max(loss, kLeastLoss)); };
      share = crossing(height(ray.test_loss[in]), height(ray.test_loss[out]), std::log(halfway));
    }
    if (!(ray.train_accuracy[out] >= 0.9 * most_accurate))
      share = std::min(share, crossing(ray.train_accuracy[in], ray.train_accuracy[out], 0.9 * most_accurate));
    return ray.scale[in] * std::pow(ray.scale[out] / ray.scale[in], share);
  };
  const double from = low > 0 ? edge(low, low - 1) : ray.scale[low];
  const double to = high + 1 < ray.scale.size() ? edge(high, high + 1) : ray.scale[high];
  frame.scalars["valley_low"] = from * norm_now;
  frame.scalars["valley_high"] = to * norm_now;
}

void fill_lu(const ProbeInput& input, Frame& frame) {
  const std::int64_t limit = ray_examples(input.config, *input.data);
  const RayClass train = ray_class(input.split->train(), training_labels(*input.data), limit);
  const RayClass test = ray_class(input.split->test(), input.data->targets, limit);
  const double norm_now = input.flat.to(at::kDouble).norm().item<double>();
  const ScoreWeights score =
      input.make_scorer ? input.make_scorer(train.indices, test.indices) : plain_scorer(input, train, test);
  Ray ray;
  bool cancelled = false;
  for (const double scale : ray_scales()) {
    cancelled = input.cancelled != nullptr && input.cancelled->load();
    if (cancelled) break;
    add_point(scale, score(input.flat * scale), ray);
  }
  std::vector<double> norms = ray.scale;
  for (double& norm : norms) norm *= norm_now;
  frame.arrays["norm"] = array_from(norms);
  frame.arrays["scale"] = array_from(ray.scale);
  frame.arrays["train_loss"] = array_from(ray.train_loss);
  frame.arrays["test_loss"] = array_from(ray.test_loss);
  frame.arrays["train_accuracy"] = array_from(ray.train_accuracy);
  frame.arrays["test_accuracy"] = array_from(ray.test_accuracy);
  frame.scalars["norm_now"] = norm_now;
  frame.texts["subset"] = subset_text(train, test);
  if (cancelled) {
    frame.texts["cancelled"] = "1";
  } else {
    write_valley(ray, norm_now, chance_loss(input.config.loss.kind, *input.data), frame);
  }
}

}  // namespace

Frame look_at_lu(const ProbeInput& input) {
  return guarded_look(input, "lu", fill_lu);
}

}  // namespace grokscope
