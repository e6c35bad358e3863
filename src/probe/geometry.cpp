// See geometry.h.
#include "probe/geometry.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/random.h"
#include "probe/class_sample.h"
#include "probe/glue.h"
#include "probe/mean_field_geometry.h"
#include "probe/probe_tools.h"
#include "probe/tapped_features.h"

namespace grokscope {
namespace {

constexpr std::int64_t kMostClasses = 10, kMostPoints = 20;
constexpr std::int64_t kDraws = 50;
constexpr std::int64_t kRemovedComponents = 1;

at::Tensor normal_numbers(std::uint64_t seed, std::string_view stream, std::int64_t count) {
  RandomStream random(seed, stream);
  at::Tensor numbers = at::empty({count}, at::kDouble);
  auto* value = numbers.data_ptr<double>();
  for (std::int64_t i = 0; i < count; ++i) value[i] = random.normal();
  return numbers;
}

/// What is averaged over, for both kinds of geometry.
struct GeometryDraws {
  GlueDraws glue;
  ManifoldDraws manifold;
};

GeometryDraws draws_of(std::uint64_t seed, std::int64_t features, std::int64_t classes) {
  const at::Tensor directions =
      normal_numbers(seed, "geometry.directions", kDraws * features).view({kDraws, features});
  at::Tensor dichotomies = at::empty({kDraws, classes}, at::kDouble);
  RandomStream random(seed, "geometry.dichotomies");
  auto* sign = dichotomies.data_ptr<double>();
  for (std::int64_t i = 0; i < dichotomies.numel(); ++i) sign[i] = random.below(2) == 0 ? -1.0 : 1.0;
  return {{directions, dichotomies}, {directions, normal_numbers(seed, "geometry.centres", kDraws)}};
}

/// One of the two parts of the sample.
struct Part {
  std::string name;
  at::Tensor indices;
};

void write_glue(const GlueMeasures& found, const std::string& part, Frame& frame) {
  write_if_finite(frame, "critical_dimension_" + part, found.critical_dimension);
  write_if_finite(frame, "capacity_" + part, found.capacity);
  write_if_finite(frame, "separable_" + part, found.separable);
  write_if_finite(frame, "dimension_" + part, found.dimension);
  write_if_finite(frame, "radius_" + part, found.radius);
  write_if_finite(frame, "utility_" + part, found.utility);
  write_if_finite(frame, "centre_alignment_" + part, found.centre_alignment);
  write_if_finite(frame, "axis_alignment_" + part, found.axis_alignment);
  write_if_finite(frame, "centre_axis_alignment_" + part, found.centre_axis_alignment);
  if (std::isfinite(found.separable) && !std::isfinite(found.dimension)) {
    frame.texts["anchors_undefined_" + part] =
        "Not defined here, because fewer than a fifth of the dichotomies can be separated.";
  }
}

void write_mean_field(const MeanFieldMeasures& found, const std::string& part, Frame& frame) {
  if (!found.undefined.empty()) {
    frame.texts["mean_field_undefined_" + part] = "Not defined here, because " + found.undefined + ".";
    return;
  }
  write_if_finite(frame, "mean_field_capacity_" + part, found.capacity);
  write_if_finite(frame, "mean_field_radius_" + part, found.radius);
  write_if_finite(frame, "mean_field_dimension_" + part, found.dimension);
}

/// As the end of a sentence; empty if the features can be measured.
std::string why_no_geometry(const at::Tensor& features) {
  if (!features.isfinite().all().item<bool>()) return "some features are not finite";
  if (features.eq(0.0).all().item<bool>()) return "every feature of every example is 0";
  return "";
}

void measure_part(const ProbeInput& input, const ClassSample& sample, const Part& part, Frame& frame) {
  const at::Tensor features = last_hidden_features(input, part.indices);
  if (const std::string why = why_no_geometry(features); !why.empty()) {
    frame.texts["undefined_" + part.name] = "Not defined here, because " + why + ".";
    return;
  }
  frame.scalars["features"] = static_cast<double>(features.size(1));
  const auto classes = static_cast<std::int64_t>(sample.classes.size());
  const GeometryDraws draws =
      draws_of(static_cast<std::uint64_t>(input.config.seed), features.size(1), classes);
  const GlueMeasures glue = glue_measures(features, sample.sizes, draws.glue, input.cancelled);
  write_glue(glue, part.name, frame);
  const MeanFieldMeasures mean_field =
      mean_field_measures(features, sample.sizes, kRemovedComponents, draws.manifold, input.cancelled);
  write_mean_field(mean_field, part.name, frame);
  frame.scalars["unconverged_" + part.name] = static_cast<double>(glue.unconverged + mean_field.unconverged);
}

void fill_geometry(const ProbeInput& input, Frame& frame) {
  if (frame.not_applicable = why_no_classes(input); !frame.not_applicable.empty()) return;
  const ClassSample sample = class_sample(input, kMostClasses, kMostPoints, "geometry");
  if (sample.classes.size() < 2) {
    frame.not_applicable = "Fewer than two classes have examples to compare.";
    return;
  }
  const auto layers = layers_at(input, moment_of(input), sample.train.narrow(0, 0, 1), TakenAt::activation);
  if (layers.size() < 2) {
    frame.not_applicable = "This network shows no hidden features.";
    return;
  }
  frame.texts["layer"] = layers[layers.size() - 2].name;
  frame.scalars["classes"] = static_cast<double>(sample.classes.size());
  frame.scalars["points_per_class"] = static_cast<double>(*std::ranges::max_element(sample.sizes));
  frame.scalars["samples"] = static_cast<double>(sample.train.size(0));
  frame.scalars["draws"] = static_cast<double>(kDraws);
  frame.scalars["removed_components"] = static_cast<double>(kRemovedComponents);
  if (sample.test.defined()) {
    measure_part(input, sample, {"test", sample.test}, frame);
  } else {
    frame.texts["undefined_test"] = "Not defined here, because no examples are kept back.";
  }
  measure_part(input, sample, {"train", sample.train}, frame);
}

}  // namespace

Frame look_at_geometry(const ProbeInput& input) {
  return guarded_look(input, "geometry", fill_geometry);
}

}  // namespace grokscope
