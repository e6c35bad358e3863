// See entropy.h.
#include "probe/entropy.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "probe/feature_measures.h"
#include "probe/probe_tools.h"

namespace grokscope {

namespace {

constexpr std::int64_t kMostEntropyExamples = 1024;

at::Tensor entropy_examples(const ProbeInput& input) {
  std::vector<std::int64_t> all(input.split->train().begin(), input.split->train().end());
  all.insert(all.end(), input.split->test().begin(), input.split->test().end());
  std::sort(all.begin(), all.end());
  RandomStream random(input.seed, "entropy");
  std::vector<std::int64_t> places = random.permutation(static_cast<std::int64_t>(all.size()));
  places.resize(std::min(all.size(), static_cast<std::size_t>(kMostEntropyExamples)));
  for (std::int64_t& place : places) place = all[static_cast<std::size_t>(place)];
  std::sort(places.begin(), places.end());
  return index_tensor(places);
}

void fill_entropy(const ProbeInput& input, Frame& frame) {
  Taps taps;
  input.model->forward(views_of(input.model->layout(), input.flat), batch_of(input, entropy_examples(input)),
                       &taps);
  if (taps.empty() || !taps.back().activation.defined()) {
    frame.not_applicable = "This network shows no features before its answer.";
    return;
  }
  const at::Tensor& last = taps.back().activation;
  const at::Tensor features = last.reshape({last.size(0), -1});  // (example, feature)
  frame.texts["layer"] = taps.back().name;
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
