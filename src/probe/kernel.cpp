// See kernel.h.
#include "probe/kernel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "model/step_shape.h"
#include "probe/class_sample.h"
#include "probe/kernel_similarity.h"
#include "probe/probe_tools.h"
#include "probe/tangent_kernel.h"
#include "probe/tapped_features.h"

namespace grokscope {
namespace {

constexpr std::int64_t kLastLayerPoints = 32;  // of each class and part
// A look computes six kernels, of two parts at three moments: what they may cost together.
constexpr double kMostGflop = 2.0;

/// How many classes, points of each at most, and directions of the outputs.
struct KernelSize {
  std::int64_t classes, points, outputs;
};
constexpr KernelSize kLayerwiseSize{8, 16, 16}, kGradientSize{4, 4, 2};

KernelSize kernel_size(const ProbeInput& input) {
  return has_layerwise_kernel(input) ? kLayerwiseSize : kGradientSize;
}

/// Of a kernel of `examples` of an MLP: derivatives through every layer, and their Gram matrices.
double layerwise_gflop(const RunConfig& config, double examples, double outputs) {
  const auto width = static_cast<double>(config.model.width), depth = static_cast<double>(config.model.depth);
  const double back = 2.0 * examples * outputs * width * width * (depth - 1.0);
  const double grams = 2.0 * examples * examples * width * (outputs + 1.0) * depth;
  return 1e-9 * (back + grams);
}

/// A forward and `outputs` backward passes an example, and the Gram matrices of the gradients.
double gradient_gflop(const ProbeInput& input, double examples, double outputs) {
  const StepShape shape = step_shape(*input.data, 1);
  const double pass = step_flops(input.config, shape, Arithmetic::plain).total();
  const auto parameters = static_cast<double>(input.model->layout().total());
  return 1e-9 * outputs * (examples * pass + 2.0 * examples * examples * parameters);
}

/// How many points of each class can be afforded; the same at every look of a run.
std::int64_t points_of(const ProbeInput& input, std::int64_t outputs) {
  const bool layerwise = has_layerwise_kernel(input);
  std::int64_t points = kernel_size(input).points;
  for (; points > 1; points /= 2) {
    const auto examples = static_cast<double>(kernel_size(input).classes * points);
    const double gflop = layerwise ? layerwise_gflop(input.config, examples, static_cast<double>(outputs))
                                   : gradient_gflop(input, examples, static_cast<double>(outputs));
    if (6.0 * gflop <= kMostGflop) break;
  }
  return points;
}

/// One of the two parts of the sample.
struct KernelPart {
  std::string name;
  at::Tensor indices, labels;          // of the tangent kernel
  at::Tensor all_indices, all_labels;  // of the kernel of the last layer
};

/// `otherwise`: why there is none, as the end of a sentence.
void write_alignment(Frame& frame, const std::string& name, const at::Tensor& kernel,
                     const at::Tensor& labels, const std::string& otherwise) {
  const double alignment = label_alignment(kernel, labels);
  write_if_finite(frame, name, alignment);
  if (!std::isfinite(alignment))
    frame.texts[name + "_undefined"] = "Not defined here, because " + otherwise + ".";
}

struct TangentLook {
  const ProbeInput& input;
  at::Tensor outputs;
  Frame& frame;

  void of_part(const KernelPart& part) const {
    const at::Tensor now = tangent_kernel(input, moment_of(input), part.indices, outputs);
    if (!now.defined()) return;  // cancelled
    if (!now.isfinite().all().item<bool>()) {
      frame.texts[part.name + "_undefined"] = "Not defined here, because the gradients are not finite.";
      return;
    }
    write_alignment(frame, "alignment_" + part.name, now, part.labels,
                    "the kernel is the same for all pairs, or all labels are alike");
    write_if_finite(frame, "trace_" + part.name,
                    now.trace().item<double>() / static_cast<double>(now.size(0)));
    write_distance(part, now, input.start, "distance_from_start_");
    write_distance(part, now, input.previous, "distance_from_before_");
  }

  void write_distance(const KernelPart& part, const at::Tensor& now, const Moment& moment,
                      const std::string& name) const {
    if (!moment.flat.defined() || is_cancelled(input)) return;
    const at::Tensor then = tangent_kernel(input, moment, part.indices, outputs);
    if (then.defined()) write_if_finite(frame, name + part.name, 1.0 - kernel_cosine(now, then));
  }
};

void write_last_layer(const ProbeInput& input, const KernelPart& part, Frame& frame) {
  const at::Tensor features = last_hidden_features(input, part.all_indices);
  if (!features.defined()) return;
  write_alignment(frame, "last_layer_alignment_" + part.name, at::mm(features, features.t()), part.all_labels,
                  "all features are alike or not finite, or all labels are alike");
}

void write_why_there_is_no_past(const ProbeInput& input, Frame& frame) {
  if (!input.start.flat.defined())
    frame.texts["from_start_undefined"] = "Not defined here, because the weights of step 0 are not known.";
  if (!input.previous.flat.defined()) {
    frame.texts["from_before_undefined"] = "Not defined here, because this is the first look.";
  } else {
    frame.scalars["before_step"] = static_cast<double>(input.previous.step);
  }
}

std::string traced(const ProbeInput& input, std::int64_t outputs) {
  const std::int64_t classes = input.data->class_count;
  if (outputs == classes) return "all " + std::to_string(classes) + " classes";
  return std::to_string(outputs) + " random directions of the " + std::to_string(classes) + " classes";
}

void fill_kernel(const ProbeInput& input, Frame& frame) {
  if (frame.not_applicable = why_no_classes(input); !frame.not_applicable.empty()) return;
  const KernelSize size = kernel_size(input);
  const at::Tensor outputs =
      output_directions(input.data->class_count, size.outputs, static_cast<std::uint64_t>(input.config.seed));
  // The streams are the same: the smaller sample is the beginning of the larger one, class by class.
  const ClassSample large = class_sample(input, size.classes, kLastLayerPoints, "kernel");
  const ClassSample small = class_sample(input, size.classes, points_of(input, outputs.size(0)), "kernel");
  if (small.classes.size() < 2) {
    frame.not_applicable = "Fewer than two classes have examples to compare.";
    return;
  }
  frame.scalars["classes"] = static_cast<double>(small.classes.size());
  frame.scalars["samples"] = static_cast<double>(small.train.size(0));
  frame.scalars["last_layer_samples"] = static_cast<double>(large.train.size(0));
  frame.scalars["output_directions"] = static_cast<double>(outputs.size(0));
  frame.texts["traced"] = traced(input, outputs.size(0));
  write_why_there_is_no_past(input, frame);
  std::vector<KernelPart> parts;
  parts.push_back({"train", small.train, small.train_labels, large.train, large.train_labels});
  if (small.test.defined()) {
    parts.push_back({"test", small.test, small.test_labels, large.test, large.test_labels});
  } else {
    frame.texts["test_undefined"] = "Not defined here, because no examples are kept back.";
  }
  for (const KernelPart& part : parts) write_last_layer(input, part, frame);
  const auto train = frame.scalars.find("last_layer_alignment_train");
  const auto test = frame.scalars.find("last_layer_alignment_test");
  if (train != frame.scalars.end() && test != frame.scalars.end())
    frame.scalars["readout_train_bias"] = train->second - test->second;
  for (const KernelPart& part : parts) TangentLook{input, outputs, frame}.of_part(part);
}

}  // namespace

Frame look_at_kernel(const ProbeInput& input) {
  return guarded_look(input, "kernel", fill_kernel);
}

}  // namespace grokscope
