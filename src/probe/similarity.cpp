// See similarity.h.
#include "probe/similarity.h"

#include <limits>
#include <string>
#include <vector>

#include "probe/feature_measures.h"
#include "probe/kernel_similarity.h"
#include "probe/probe_tools.h"
#include "probe/tapped_features.h"

namespace grokscope {
namespace {

constexpr std::int64_t kMostCompared = 256;  // examples

/// A layer as what its similarity needs of it: undefined where it cannot be compared.
struct LayerGram {
  std::string name;
  at::Tensor gram;  // (example, example), centred
};

std::vector<LayerGram> grams_at(const ProbeInput& input, const Moment& moment, const at::Tensor& examples) {
  std::vector<LayerGram> grams;
  for (const LayerFeatures& layer : layers_at(input, moment, examples, TakenAt::activation)) {
    if (is_cancelled(input)) return {};
    grams.push_back({layer.name, centred_gram(layer.features, epsilon_of(moment.flat))});
  }
  return grams;
}

double similarity_of(const LayerGram& a, const LayerGram& b) {
  return a.gram.defined() && b.gram.defined() ? kernel_cosine(a.gram, b.gram)
                                              : std::numeric_limits<double>::quiet_NaN();
}

void write_layers(const std::vector<LayerGram>& now, Frame& frame) {
  std::string names;
  std::vector<double> all;
  for (const LayerGram& layer : now) {
    names += (names.empty() ? "" : ",") + layer.name;
    for (const LayerGram& other : now) all.push_back(similarity_of(layer, other));
    if (!layer.gram.defined()) {
      frame.texts[layer.name + ".undefined"] =
          "Not defined here, because every example gives the same features, or one of them is not finite.";
    }
  }
  const auto count = static_cast<std::int64_t>(now.size());
  frame.texts["layers"] = names;
  frame.arrays["layers"] = array_from(all);
  frame.arrays["layers"].shape = {count, count};
}

/// `suffix`: "from_start" or "from_before"; `absent`: what there is to say where there is no such moment.
void write_against(const ProbeInput& input, const std::vector<LayerGram>& now, const Moment& moment,
                   const at::Tensor& examples, const std::string& suffix, const std::string& absent,
                   Frame& frame) {
  if (!moment.flat.defined()) {
    frame.texts[suffix + "_undefined"] = "Not defined here, because " + absent + ".";
    return;
  }
  const std::vector<LayerGram> then = grams_at(input, moment, examples);
  for (std::size_t i = 0; i < then.size() && i < now.size(); ++i) {
    write_if_finite(frame, now[i].name + "." + suffix, similarity_of(now[i], then[i]));
  }
}

void fill_similarity(const ProbeInput& input, Frame& frame) {
  const bool tested = !input.split->test().empty();
  const at::Tensor examples = drawn_from(input, tested ? input.split->test() : input.split->train(),
                                         kMostCompared, "similarity.examples");
  if (examples.size(0) < 2) {
    frame.not_applicable = "Fewer than two examples are there to compare.";
    return;
  }
  frame.scalars["samples"] = static_cast<double>(examples.size(0));
  const std::vector<LayerGram> now = grams_at(input, moment_of(input), examples);
  if (now.empty()) return;  // cancelled
  write_layers(now, frame);
  write_against(input, now, input.start, examples, "from_start", "the weights of step 0 are not known",
                frame);
  write_against(input, now, input.previous, examples, "from_before", "this is the first look", frame);
  if (input.previous.flat.defined()) frame.scalars["before_step"] = static_cast<double>(input.previous.step);
}

}  // namespace

Frame look_at_similarity(const ProbeInput& input) {
  return guarded_look(input, "similarity", fill_similarity);
}

}  // namespace grokscope
