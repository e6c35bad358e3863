// The geometry probe: how separable the classes are in the last hidden features, what makes them so, and in
// how few dimensions. Jobs thread.
//
// Manifolds: up to kMostClasses classes, drawn once by a stream of config.seed; of each up to kMostPoints
// test and as many training examples (class_sample.h). Features: of the last tapped layer, after its
// activation function, raw: no mean is subtracted from them, as published. kDraws directions t ~ N(0, I) and
// random ±1 dichotomies of the classes, the same at every look. Definitions: glue.h (Chou et al. 2025) and
// mean_field_geometry.h (Chung et al. 2018, Cohen et al. 2020). Of each name that ends in _ there are _test
// and _train:
//
//   scalars critical_dimension_       E of the squared projection of t on the labelled cone
//           capacity_                 classes / critical dimension
//           separable_                share of the draws whose dichotomy some hyperplane realises
//           dimension_, radius_, utility_    of the separable draws; where all are, capacity =
//                                     utility (1 + radius⁻²) / dimension
//           centre_alignment_, axis_alignment_, centre_axis_alignment_    mean |cosine| of different classes,
//                                     of the separable draws
//           mean_field_capacity_, mean_field_radius_, mean_field_dimension_    mean over the classes
//           unconverged_              projections that were not found to the tolerance
//           classes, points_per_class (the most), samples (of each part), features, draws
//           removed_components        K: principal components of the centres that the mean field does without
//   texts   layer                     whose features they are
//           undefined_, anchors_undefined_, mean_field_undefined_    why there are no numbers, or not those
//                                     of the anchors, or of the mean field
//
// A scalar that is not defined is left out.
#pragma once

#include "probe/probe.h"

namespace grokscope {

Frame look_at_geometry(const ProbeInput& input);

}  // namespace grokscope
