// See kernel.h.
#include "probe/kernel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "probe/class_sample.h"
#include "probe/kernel_similarity.h"
#include "probe/probe_tools.h"
#include "probe/tangent_kernel.h"
#include "probe/tapped_features.h"

namespace grokscope {
namespace {

constexpr std::int64_t kLastLayerClasses = 8, kLastLayerPoints = 32;  // points of each class and part

/// How many classes, points of each at most, and directions of the outputs.
struct KernelSize {
  std::int64_t classes, points, outputs;
};
// The first that can be afforded, or else the last.
constexpr std::array kLayerwiseSizes{KernelSize{8, 16, 16}, KernelSize{8, 8, 16}, KernelSize{8, 4, 16},
                                     KernelSize{8, 2, 16}};
constexpr std::array kGradientSizes{KernelSize{4, 4, 2}, KernelSize{4, 4, 1}, KernelSize{4, 2, 1}};
// Of the six kernels of a look, of two parts at three moments, together.
constexpr double kLayerwiseGflop = 2.0;
// Of the Jacobian of one kernel. A backward pass costs about in proportion to the gradient that it leaves:
// with so many a look takes 0.1 to 0.2 s.
constexpr double kMostGradientNumbers = 4e6;

/// Of a kernel of `examples` of an MLP: derivatives through every layer, and their Gram matrices.
double layerwise_gflop(const RunConfig& config, double examples, double outputs) {
  const auto width = static_cast<double>(config.model.width), depth = static_cast<double>(config.model.depth);
  const double back = 2.0 * examples * outputs * width * width * (depth - 1.0);
  const double grams = 2.0 * examples * examples * width * (outputs + 1.0) * depth;
  return 1e-9 * (back + grams);
}

/// The same at every look of a run.
KernelSize kernel_size(const ProbeInput& input) {
  const bool layerwise = has_layerwise_kernel(input);
  const std::span<const KernelSize> sizes =
      layerwise ? std::span<const KernelSize>(kLayerwiseSizes) : std::span<const KernelSize>(kGradientSizes);
  for (const KernelSize& size : sizes) {
    const auto examples = static_cast<double>(std::min(size.classes, input.data->class_count) * size.points);
    const auto outputs = static_cast<double>(std::min(size.outputs, input.data->class_count));
    const bool affordable =
        layerwise
            ? 6.0 * layerwise_gflop(input.config, examples, outputs) <= kLayerwiseGflop
            : examples * outputs * static_cast<double>(input.model->layout().total()) <= kMostGradientNumbers;
    if (affordable) return size;
  }
  return sizes.back();
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
  return std::to_string(outputs) + " random direction" + (outputs == 1 ? "" : "s") + " of the " +
         std::to_string(classes) + " classes";
}

void fill_kernel(const ProbeInput& input, Frame& frame) {
  if (frame.not_applicable = why_no_classes(input); !frame.not_applicable.empty()) return;
  const KernelSize size = kernel_size(input);
  const at::Tensor outputs =
      output_directions(input.data->class_count, size.outputs, static_cast<std::uint64_t>(input.config.seed));
  // The streams are the same: the smaller sample is the beginning of the larger one, class by class.
  const ClassSample large = class_sample(input, kLastLayerClasses, kLastLayerPoints, "kernel");
  const ClassSample small = class_sample(input, size.classes, size.points, "kernel");
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
