// See layers.h.
#include "probe/layers.h"

#include <cmath>
#include <utility>

#include "data/target_vectors.h"
#include "probe/feature_measures.h"
#include "probe/probe_tools.h"
#include "probe/ridge_probe.h"
#include "probe/tapped_features.h"

namespace grokscope {

namespace {

constexpr std::int64_t kMostExamples = 1024;  // two and a half times the width of the published networks

/// From input to output; `indices` (example).
std::vector<LayerFeatures> layers_of(const ProbeInput& input, const at::Tensor& indices) {
  return layers_at(input, moment_of(input), indices, TakenAt::pre_activation);
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

void write_probes(const ProbeInput& input, const ProbeSet& set, const std::vector<LayerFeatures>& test_layers,
                  Frame& frame) {
  const std::vector<LayerFeatures> train_layers = layers_of(input, set.train);
  double best = -1.0;
  for (std::size_t i = 0; i < test_layers.size(); ++i) {
    if (is_cancelled(input)) return;
    const std::string& name = test_layers[i].name;
    const auto probe = ridge_probe(train_layers[i].features, set.train_labels, test_layers[i].features,
                                   set.test_labels, input.data->class_count);
    if (!probe) continue;
    write_if_finite(frame, name + ".probe_train", probe->train_accuracy);
    write_if_finite(frame, name + ".probe_test", probe->test_accuracy);
    write_if_finite(frame, name + ".probe_penalty", probe->penalty);
    if (probe->chosen_accuracy <= best) continue;
    best = probe->chosen_accuracy;
    frame.texts["best_layer"] = name;
    write_if_finite(frame, "best_probe_test", probe->test_accuracy);
  }
  if (best < 0.0) {
    frame.texts["probe_undefined"] = "There are too few training examples, or no layer tells them apart.";
    return;
  }
  write_if_finite(
      frame, "readout_gap",
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
  const bool tested = !input.split->test().empty();
  const at::Tensor examples =
      drawn_from(input, tested ? input.split->test() : input.split->train(), kMostExamples, "layers.test");
  const std::vector<LayerFeatures> layers = layers_of(input, examples);
  std::string names;
  for (const LayerFeatures& layer : layers) {
    if (is_cancelled(input)) return;
    write_measures(layer, epsilon_of(input.flat), frame);
    write_if_finite(frame, layer.name + ".weight_norm", weight_norm_of(input, layer.name));
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
