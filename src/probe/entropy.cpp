// See entropy.h.
#include "probe/entropy.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "probe/feature_measures.h"
#include "probe/probe_tools.h"
#include "probe/tapped_features.h"

namespace grokscope {

namespace {

constexpr std::int64_t kMostEntropyExamples = 1024;

void fill_entropy(const ProbeInput& input, Frame& frame) {
  std::vector<std::int64_t> all(input.split->train().begin(), input.split->train().end());
  all.insert(all.end(), input.split->test().begin(), input.split->test().end());
  std::sort(all.begin(), all.end());
  const at::Tensor examples = drawn_from(input, all, kMostEntropyExamples, "entropy");
  const auto layers =
      layers_at(input, {input.flat, input.buffers, input.step}, examples, TakenAt::activation);
  if (layers.size() < 2) {
    frame.not_applicable = "This network shows no features before its answer.";
    return;
  }
  const auto& [name, features] = layers[layers.size() - 2];  // the last are the answers
  frame.texts["layer"] = name;
  frame.scalars["features"] = static_cast<double>(features.size(1));
  const auto measures = feature_measures(features, epsilon_of(input.flat));
  if (!measures) {
    frame.texts["undefined"] = "every example gives the same features, or some are not finite";
    return;
  }
  frame.scalars["participation"] = measures->participation_ratio;
  if (std::isfinite(measures->spectral_entropy)) {
    frame.scalars["spectral"] = measures->spectral_entropy;
  } else {
    frame.texts["undefined"] = "a single feature has no entropy";
  }
}

}  // namespace

Frame look_at_entropy(const ProbeInput& input) {
  return guarded_look(input, "entropy", fill_entropy);
}

}  // namespace grokscope
