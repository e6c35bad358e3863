// What the panel Layers shows of a run: the newest look at each layer, which may be of different steps, and
// the layer that is shown in detail. Values of the history; no charts. Main thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ui/panels/common.h"

namespace grokscope::panel {

struct LayersLook {
  const PanelContext* context = nullptr;
  FramePtr frame;                   ///< the newest that is shown; nullptr: there is none
  std::vector<std::string> layers;  ///< from input to output
  std::vector<std::int64_t> steps;  ///< (layer) of the newest look at it; below 0: there was none yet
  std::size_t detail = 0;           ///< the layer that is shown in detail

  /// While following, a look may be of a later step than the newest evaluation.
  std::int64_t until() const { return frame == nullptr ? context->step : frame->step; }
  /// As of the newest look at that layer, "" as suffix for none; NaN where it is not defined.
  double value(std::size_t layer, const char* suffix) const;
  double value_at_step(std::size_t layer, const char* suffix, std::int64_t step) const;
  std::string series_name(std::size_t layer, const char* suffix) const {
    return "layers." + layers[layer] + suffix;
  }
  /// "step 742", or of several looks "steps 310 – 742".
  std::string remark() const;
  std::string remark_of_layer(std::size_t layer) const;
  bool detail_is_last_hidden() const { return detail + 2 == layers.size(); }
};

LayersLook layers_look(const PanelContext& context);

/// The last layer before the answer, whose rank the paper follows, then those below it, then the answer.
extern const PanelChoice kDetailedLayer;

}  // namespace grokscope::panel
