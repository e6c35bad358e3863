// The reduced landscape (Liu et al. 2022, Omnigrok §2) for the LU portrait: what training on spheres gave, as
// lines over the weight norm and as a map over norm and training size. From the frame "landscape"
// (sweep/landscape.h). Main thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ui/panels/common.h"

namespace grokscope::panel {

struct LandscapeLines {
  std::vector<Sample> train, test;        ///< (norm, loss) of the spheres that are done, by norm
  std::optional<double> goldilocks_norm;  ///< least test loss
  std::string progress;                   ///< "7 of 11 spheres"
  double lowest_norm = 0.0, highest_norm = 0.0;
};
/// Nothing when no landscape was begun. The row of the largest training set.
std::optional<LandscapeLines> landscape_lines(const Frame* frame);

/// Test accuracy over (norm, training size); nothing for a single size.
std::optional<Chart> landscape_map(const Frame* frame);

}  // namespace grokscope::panel
