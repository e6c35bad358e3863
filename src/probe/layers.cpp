// See layers.h.
#include "probe/layers.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "data/target_vectors.h"
#include "probe/feature_measures.h"
#include "probe/probe_tools.h"
#include "probe/ridge_probe.h"

namespace grokscope {

namespace {

constexpr std::int64_t kMostExamples = 1024;  // two and a half times the width of the published networks

/// At most kMostExamples of them, always the same ones while the list stays the same; in ascending order.
at::Tensor some_of(std::span<const std::int64_t> indices, std::uint64_t seed, std::string_view stream) {
  RandomStream random(seed, stream);
  const auto count = static_cast<std::int64_t>(indices.size());
  std::vector<std::int64_t> places = random.permutation(count);
  places.resize(static_cast<std::size_t>(std::min(count, kMostExamples)));
  for (std::int64_t& place : places) place = indices[static_cast<std::size_t>(place)];
  std::sort(places.begin(), places.end());
  return index_tensor(places);
}

struct Layer {
  std::string name;
  at::Tensor features;  ///< (example, feature)
};

/// From input to output; `indices` (example).
std::vector<Layer> layers_of(const ProbeInput& input, const at::Tensor& indices) {
  Taps taps;
  const at::Tensor answers =
      input.model->forward(views_of(input.model->layout(), input.flat), batch_of(input, indices), &taps);
  std::vector<Layer> layers;
  for (const Tap& tap : taps) {
    const at::Tensor& features = tap.before.defined() ? tap.before : tap.activation;
    if (!features.defined() || features.numel() == 0) continue;
    layers.push_back({tap.name, features.reshape({features.size(0), -1})});
  }
  layers.push_back({"output", answers});
  return layers;
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

void write(Frame& frame, const std::string& name, double value) {
  if (std::isfinite(value)) frame.scalars[name] = value;
}

void write_measures(const Layer& layer, double epsilon, Frame& frame) {
  const auto measures = feature_measures(layer.features, epsilon);
  if (!measures) {
    frame.texts[layer.name + ".undefined"] =
        layer.features.isfinite().all().item<bool>()
            ? (layer.features.size(0) < 2 ? "there are fewer than two examples"
                                          : "every example gives the same features")
            : "some features are not finite";
    return;
  }
  write(frame, layer.name + ".rank", measures->rank);
  write(frame, layer.name + ".stable", measures->stable_rank);
  write(frame, layer.name + ".effective", measures->effective_rank);
  write(frame, layer.name + ".participation", measures->participation_ratio);
  write(frame, layer.name + ".entropy", measures->spectral_entropy);
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
  set.train = some_of(input.split->train(), static_cast<std::uint64_t>(input.config.seed), "layers.train");
  set.test = test;
  set.train_labels = training_labels(*input.data).to(at::kCPU).index_select(0, set.train);
  set.test_labels = input.data->targets.to(at::kCPU).index_select(0, set.test);
  return set;
}

double accuracy_of(const at::Tensor& answers, const at::Tensor& labels) {
  return answers.to(at::kCPU).argmax(1).eq(labels).to(at::kDouble).mean().item<double>();
}

void write_probes(const ProbeInput& input, const ProbeSet& set, const std::vector<Layer>& test_layers,
                  Frame& frame) {
  const std::vector<Layer> train_layers = layers_of(input, set.train);
  double best = -1.0;
  for (std::size_t i = 0; i < test_layers.size(); ++i) {
    if (input.cancelled != nullptr && *input.cancelled) return;
    const std::string& name = test_layers[i].name;
    const auto probe = ridge_probe(train_layers[i].features, set.train_labels, test_layers[i].features,
                                   set.test_labels, input.data->class_count);
    if (!probe) continue;
    write(frame, name + ".probe_train", probe->train_accuracy);
    write(frame, name + ".probe_test", probe->test_accuracy);
    write(frame, name + ".probe_penalty", probe->penalty);
    if (probe->chosen_accuracy <= best) continue;
    best = probe->chosen_accuracy;
    frame.texts["best_layer"] = name;
    write(frame, "best_probe_test", probe->test_accuracy);
  }
  if (best < 0.0) {
    frame.texts["probe_undefined"] = "There are too few training examples, or no layer tells them apart.";
    return;
  }
  write(frame, "readout_gap",
        frame.scalars["best_probe_test"] - accuracy_of(test_layers.back().features, set.test_labels));
}

std::string why_no_probe(const ProbeInput& input) {
  if (is_regression(*input.data)) return "The answers are numbers, not classes.";
  if (compares_vectors(*input.data, input.config.loss.kind)) {
    return "The network answers with a vector for each class, not with one number a class.";
  }
  if (input.split->test().empty()) return "No examples are kept back to test a linear probe on.";
  return "";
}

void fill_layers(const ProbeInput& input, Frame& frame) {
  const auto seed = static_cast<std::uint64_t>(input.config.seed);
  const bool tested = !input.split->test().empty();
  const at::Tensor examples =
      some_of(tested ? input.split->test() : input.split->train(), seed, "layers.test");
  const std::vector<Layer> layers = layers_of(input, examples);
  std::string names;
  for (const Layer& layer : layers) {
    if (input.cancelled != nullptr && *input.cancelled) return;
    write_measures(layer, epsilon_of(input.flat), frame);
    write(frame, layer.name + ".weight_norm", weight_norm_of(input, layer.name));
    names += (names.empty() ? "" : ",") + layer.name;
  }
  frame.texts["layers"] = names;
  if (std::string why = why_no_probe(input); !why.empty()) {
    frame.texts["probe_undefined"] = std::move(why);
    return;
  }
  write_probes(input, probe_set(input, examples), layers, frame);
}

}  // namespace

Frame look_at_layers(const ProbeInput& input) {
  return guarded_look(input, "layers", fill_layers);
}

}  // namespace grokscope
