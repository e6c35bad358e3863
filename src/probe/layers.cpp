// See layers.h.
#include "probe/layers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "base/number_text.h"
#include "data/target_vectors.h"
#include "probe/feature_measures.h"
#include "probe/layer_turns.h"
#include "probe/probe_tools.h"
#include "probe/ridge_probe.h"
#include "probe/tapped_features.h"

namespace grokscope {

namespace {

constexpr std::int64_t kMostExamples = 1024;  // two and a half times the width of the published networks

/// From input to output; `indices` (example).
std::vector<LayerFeatures> layers_of(const ProbeInput& input, const at::Tensor& indices,
                                     const std::string& last) {
  return layers_at(input, moment_of(input), indices, TakenAt::pre_activation, last);
}

/// ‖·‖₂ of the parameters whose names begin with the layer's; NaN if there are none.
double weight_norm_of(const ProbeInput& input, const std::string& layer) {
  const ParameterViews views = views_of(input.model->layout(), input.flat);
  double sum = 0.0;
  bool found = false;
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (input.model->layout().specs()[i].name.rfind(layer + ".", 0) != 0) continue;
    const double norm = views[i].to(at::kDouble).norm().item<double>();
    sum += norm * norm;
    found = true;
  }
  return found ? std::sqrt(sum) : std::nan("");
}

void write_measures(const LayerFeatures& layer, double epsilon, Frame& frame) {
  const auto measures = feature_measures(layer.features, epsilon);
  if (!measures) {
    frame.texts[layer.name + ".undefined"] =
        layer.features.isfinite().all().item<bool>()
            ? (layer.features.size(0) < 2 ? "there are fewer than two examples"
                                          : "every example gives the same features")
            : "some features are not finite";
    return;
  }
  write_if_finite(frame, layer.name + ".rank", measures->rank);
  write_if_finite(frame, layer.name + ".stable", measures->stable_rank);
  write_if_finite(frame, layer.name + ".effective", measures->effective_rank);
  write_if_finite(frame, layer.name + ".participation", measures->participation_ratio);
  write_if_finite(frame, layer.name + ".entropy", measures->spectral_entropy);
  std::vector<double> relative = measures->eigenvalues;
  for (double& value : relative) value /= measures->eigenvalues.front();
  frame.arrays[layer.name + "/eigenvalues"] = array_from(relative);
}

/// The examples of the linear probes, and what their labels are.
struct ProbeSet {
  at::Tensor train, test;  // (example) indices
  at::Tensor train_labels, test_labels;
};

ProbeSet probe_set(const ProbeInput& input, const at::Tensor& test) {
  ProbeSet set;
  set.train = drawn_from(input, input.split->train(), kMostExamples, "layers.train");
  set.test = test;
  set.train_labels = training_labels(*input.data).to(at::kCPU).index_select(0, set.train);
  set.test_labels = input.data->targets.to(at::kCPU).index_select(0, set.test);
  return set;
}

double accuracy_of(const at::Tensor& answers, const at::Tensor& labels) {
  return answers.to(at::kCPU).argmax(1).eq(labels).to(at::kDouble).mean().item<double>();
}

/// What a look looks at, and what is known of the rest.
struct LayersNow {
  std::vector<std::string> names;   ///< of all layers
  std::int64_t parts = 1;           ///< in so many looks all have had their turn
  std::vector<std::size_t> turn;    ///< those whose turn it is
  std::string last;                 ///< of them, if it is not the answer: nobody needs what comes after it
  std::vector<LayerFeatures> test;  ///< up to that one, on the test examples
  std::vector<std::int64_t> steps;  ///< (layer) when it was its turn last
  std::vector<float> chosen;        ///< (layer) its linear probe on the fold that chose; NaN: it has none

  bool to_the_answer() const { return last.empty(); }
  /// Whose linear probe did best on its fold; nothing if there is none.
  std::optional<std::size_t> best() const {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (std::isfinite(chosen[i]) && (!found || chosen[i] > chosen[*found])) found = i;
    }
    return found;
  }
};

std::string text_in(const Frame& frame, const char* name) {
  const auto found = frame.texts.find(name);
  return found == frame.texts.end() ? std::string() : found->second;
}

/// When each layer was looked at, as the look before this one knew it.
void remember(const Frame* before, LayersNow& now) {
  const bool same = before != nullptr && text_in(*before, "layers") == text_of_names(now.names);
  now.steps = steps_of_text(same ? text_in(*before, "steps") : std::string(), now.names.size());
  if (same && before->arrays.contains("probe_chosen")) now.chosen = before->arrays.at("probe_chosen").values;
  now.chosen.resize(now.names.size(), std::numeric_limits<float>::quiet_NaN());
}

/// At all layers: a whole look, or the one with which the turns begin, so that every layer is known from then
/// on.
LayersNow look_at_all(const ProbeInput& input, const at::Tensor& examples) {
  LayersNow now;
  now.test = layers_of(input, examples, "");
  std::vector<double> work;
  for (const LayerFeatures& layer : now.test) {
    now.names.push_back(layer.name);
    work.push_back(work_of_layer(layer.features.size(0), layer.features.size(1)));
  }
  now.turn.resize(work.size());
  std::iota(now.turn.begin(), now.turn.end(), std::size_t{0});
  now.parts = parts_of(work, input.part ? input.part->most_work : PartOfLook{}.most_work);
  remember(nullptr, now);
  return now;
}

/// At those whose turn it is; `before` knows the others.
LayersNow look_in_turn(const ProbeInput& input, const at::Tensor& examples, const Frame& before,
                       std::int64_t parts) {
  LayersNow now;
  now.names = names_in_text(text_in(before, "layers"));
  now.parts = parts;
  now.turn = layers_in_part(now.names.size(), parts, input.part->number);
  if (now.turn.back() + 1 < now.names.size()) now.last = now.names[now.turn.back()];
  now.test = layers_of(input, examples, now.last);
  remember(&before, now);
  return now;
}

LayersNow layers_now(const ProbeInput& input, const at::Tensor& examples) {
  if (!input.part || input.part->before == nullptr) return look_at_all(input, examples);
  const Frame& before = *input.part->before;
  const std::int64_t parts = whole_number_from_text(text_in(before, "parts")).value_or(1);
  const auto layers = static_cast<std::int64_t>(names_in_text(text_in(before, "layers")).size());
  return parts > 1 && parts <= layers ? look_in_turn(input, examples, before, parts)
                                      : look_at_all(input, examples);
}

/// The linear probes of some layers; `train` as now.test, on training examples.
void write_probes(const ProbeInput& input, const ProbeSet& set, const std::vector<LayerFeatures>& train,
                  std::span<const std::size_t> which, LayersNow& now, Frame& frame) {
  for (const std::size_t i : which) {
    if (is_cancelled(input)) return;
    const std::string& name = now.names[i];
    const auto probe = ridge_probe(train[i].features, set.train_labels, now.test[i].features, set.test_labels,
                                   input.data->class_count);
    now.chosen[i] =
        probe ? static_cast<float>(probe->chosen_accuracy) : std::numeric_limits<float>::quiet_NaN();
    if (!probe) continue;
    write_if_finite(frame, name + ".probe_train", probe->train_accuracy);
    write_if_finite(frame, name + ".probe_test", probe->test_accuracy);
    write_if_finite(frame, name + ".probe_penalty", probe->penalty);
  }
}

/// Of the layer that has done best on its fold, now or when it was its turn; measured now in any case.
void write_best_probe(const ProbeInput& input, const ProbeSet& set, const std::vector<LayerFeatures>& train,
                      LayersNow& now, Frame& frame) {
  const auto best = now.best();
  if (!best) {
    frame.texts["probe_undefined"] = "There are too few training examples, or no layer tells them apart.";
    return;
  }
  const std::string& name = now.names[*best];
  if (std::find(now.turn.begin(), now.turn.end(), *best) == now.turn.end())
    write_probes(input, set, train, std::array{*best}, now, frame);
  const auto found = frame.scalars.find(name + ".probe_test");
  if (found == frame.scalars.end()) return;
  const double accuracy = found->second;
  frame.texts["best_layer"] = name;
  write_if_finite(frame, "best_probe_test", accuracy);
  write_if_finite(frame, "readout_gap", accuracy - accuracy_of(now.test.back().features, set.test_labels));
}

std::string why_no_probe(const ProbeInput& input) {
  if (is_regression(*input.data)) return "The answers are numbers, not classes.";
  if (compares_vectors(*input.data, input.config.loss.kind)) {
    return "The network answers with a vector for each class, not with one number a class.";
  }
  if (input.split->test().empty()) return "No examples are kept back to test a linear probe on.";
  return "";
}

void write_spectra(const ProbeInput& input, LayersNow& now, Frame& frame) {
  frame.texts["layers"] = text_of_names(now.names);
  for (const std::size_t i : now.turn) {
    if (is_cancelled(input)) return;
    const LayerFeatures& layer = now.test[i];
    write_measures(layer, epsilon_of(input.flat), frame);
    write_if_finite(frame, layer.name + ".weight_norm", weight_norm_of(input, layer.name));
    now.steps[i] = input.step;
  }
  frame.texts["steps"] = text_of_steps(now.steps);
  if (now.parts > 1) frame.texts["parts"] = std::to_string(now.parts);
  if (!input.part || input.part->before == nullptr) return;
  const Frame& before = *input.part->before;
  if (const auto best = before.texts.find("best_layer"); best != before.texts.end())
    frame.texts.insert(*best);
  for (std::size_t i = 0; i < now.names.size(); ++i) {
    if (now.steps[i] != input.step) carry_over(before, now.names[i], frame);
  }
}

void fill_layers(const ProbeInput& input, Frame& frame) {
  const bool tested = !input.split->test().empty();
  const at::Tensor examples =
      drawn_from(input, tested ? input.split->test() : input.split->train(), kMostExamples, "layers.test");
  LayersNow now = layers_now(input, examples);
  write_spectra(input, now, frame);
  if (std::string why = why_no_probe(input); !why.empty()) {
    frame.texts["probe_undefined"] = std::move(why);
    return;
  }
  const ProbeSet set = probe_set(input, examples);
  const std::vector<LayerFeatures> train = layers_of(input, set.train, now.last);
  write_probes(input, set, train, now.turn, now, frame);
  if (now.to_the_answer()) write_best_probe(input, set, train, now, frame);
  frame.arrays["probe_chosen"] = {{static_cast<std::int64_t>(now.chosen.size())}, now.chosen};
}

}  // namespace

Frame look_at_layers(const ProbeInput& input) {
  return guarded_look(input, "layers", fill_layers);
}

}  // namespace grokscope
