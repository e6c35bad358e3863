#include "ui/panels/layers_look.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/number_text.h"
#include "base/text.h"

namespace grokscope::panel {
namespace {

FramePtr shown_frame(const PanelContext& context) {
  return context.following ? newest_frame(context, "layers") : frame_of(context, "layers");
}

std::vector<std::int64_t> steps_of(const Frame& frame, std::size_t layers) {
  std::vector<std::int64_t> steps;
  for (const std::string& text : split_names(text_of_frame(&frame, "steps")))
    steps.push_back(std::min(whole_number_from_text(text).value_or(-1), frame.step));
  if (steps.size() != layers) steps.assign(layers, frame.step);  // a look at all of them
  return steps;
}

std::vector<std::string> options(const PanelContext& context) {
  const FramePtr frame = shown_frame(context);
  const std::vector<std::string> layers = split_names(text_of_frame(frame.get(), "layers"));
  std::vector<std::string> labels;
  for (std::size_t i = layers.size(); i-- > 0;) labels.push_back(tap_label(layers[i]));
  if (labels.size() > 1) std::rotate(labels.begin(), labels.begin() + 1, labels.end());
  return labels;
}

}  // namespace

const PanelChoice kDetailedLayer{.name = "layer",
                                 .text = "Layer in detail",
                                 .options = options,
                                 .explained = "Layers: the next lower layer in detail",
                                 .key = Key::page_down};

double LayersLook::value_at_step(std::size_t layer, const char* suffix, std::int64_t step) const {
  return value_at(context->history->series(series_name(layer, suffix)), step);
}

double LayersLook::value(std::size_t layer, const char* suffix) const {
  const bool of_probe = std::string_view(suffix).starts_with(".probe");
  if (!of_probe && frame->texts.contains(layers[layer] + ".undefined"))
    return std::numeric_limits<double>::quiet_NaN();
  return value_at_step(layer, suffix, until());
}

std::string LayersLook::remark() const {
  if (steps.empty()) return remark_of(*frame);
  const auto [oldest, newest] = std::minmax_element(steps.begin(), steps.end());
  if (*oldest == *newest) return step_text(*newest);
  return "steps " + grouped(std::max<std::int64_t>(*oldest, 0)) + " – " + grouped(*newest);
}

std::string LayersLook::remark_of_layer(std::size_t layer) const {
  return layer < steps.size() && steps[layer] >= 0 ? step_text(steps[layer]) : "not looked at yet";
}

LayersLook layers_look(const PanelContext& context) {
  LayersLook look{&context, shown_frame(context), {}, {}, 0};
  if (look.frame == nullptr) return look;
  look.layers = split_names(text_of_frame(look.frame.get(), "layers"));
  look.steps = steps_of(*look.frame, look.layers.size());
  const std::string chosen = context.chosen(kDetailedLayer);
  const auto found = std::find_if(look.layers.begin(), look.layers.end(),
                                  [&](const std::string& layer) { return tap_label(layer) == chosen; });
  if (found != look.layers.end()) look.detail = static_cast<std::size_t>(found - look.layers.begin());
  return look;
}

}  // namespace grokscope::panel
