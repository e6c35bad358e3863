// Well-formed frames of every probe with numbers that nobody would write: NaN, infinities, ends of ranges,
// shapes that do not fit, empty arrays. What a run folder may hold. For the test and the fuzz target of the
// panels.
#pragma once

#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string>

#include "chart/fonts.h"
#include "contract/probe_names.h"
#include "ui/panel.h"
#include "ui/read_outs.h"
#include "ui/tiles.h"

namespace grokscope::testing {

/// Bytes as choices; zeros when they are used up.
class Choices {
 public:
  explicit Choices(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  unsigned below(unsigned count) {
    if (bytes_.empty()) return 0;
    const unsigned byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte % count;
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

inline double wild_number(Choices& choices) {
  using Limits = std::numeric_limits<double>;
  static constexpr double kNumbers[] = {0.5,
                                        1.0,
                                        0.0,
                                        -1.0,
                                        2.0,
                                        7.0,
                                        1e9,
                                        -1e9,
                                        Limits::quiet_NaN(),
                                        Limits::infinity(),
                                        -Limits::infinity(),
                                        1e308,
                                        -1e308,
                                        3.4e38,
                                        -3.4e38,
                                        9.3e18,
                                        -9.3e18,
                                        1e-308,
                                        4.9e-324,
                                        2147483648.0,
                                        4294967296.0,
                                        1e-45,
                                        0.1,
                                        30.0};
  return kNumbers[choices.below(std::size(kNumbers))];
}

inline Array wild_array(Choices& choices) {
  static constexpr std::int64_t kSizes[] = {2,
                                            1,
                                            3,
                                            0,
                                            5,
                                            -1,
                                            1ll << 31,
                                            std::numeric_limits<std::int64_t>::max(),
                                            std::numeric_limits<std::int64_t>::min(),
                                            1ll << 33};
  Array array;
  const unsigned rank = choices.below(4);
  std::int64_t cells = 1;
  bool honest = true;
  for (unsigned i = 0; i < rank; ++i) {
    const bool wild = choices.below(8) == 0;
    const std::int64_t size = kSizes[choices.below(wild ? std::size(kSizes) : 3)];
    array.shape.push_back(size);
    honest = honest && size >= 0 && size < 100;
    if (honest) cells *= size;
  }
  if (!honest || choices.below(8) == 0) cells = choices.below(12);
  for (std::int64_t i = 0; i < cells; ++i) array.values.push_back(static_cast<float>(wild_number(choices)));
  return array;
}

inline FramePtr wild_frame(Choices& choices, std::string_view probe, std::int64_t step) {
  static constexpr const char* kArrays[] = {"power",
                                            "cos_norm",
                                            "sin_norm",
                                            "key_frequencies",
                                            "circle",
                                            "pca",
                                            "pca_variance",
                                            "singular_values",
                                            "filters",
                                            "norm",
                                            "train_loss",
                                            "test_loss",
                                            "train_accuracy",
                                            "test_accuracy",
                                            "scale",
                                            "guess",
                                            "target",
                                            "confidence",
                                            "membership",
                                            "top_classes",
                                            "top_probabilities",
                                            "samples",
                                            "sample_guess",
                                            "sample_target",
                                            "sample_confidence",
                                            "sample_membership",
                                            "embedding",
                                            "line",
                                            "alpha",
                                            "train_size",
                                            "a/singular_values"};
  static constexpr const char* kScalars[] = {
      "gini",        "strongest",         "key_share", "top8_share", "valley_low", "valley_high",
      "norm_now",    "right_share",       "rqi",       "done",       "cells",      "goldilocks_norm",
      "a.effective", "predicted_accuracy"};
  static constexpr const char* kKinds[] = {"cyclic", "spectrum", "filters", "grid", "images", ""};
  Frame frame{std::string(probe), step};
  for (const char* name : kArrays) {
    if (choices.below(3) != 0) frame.arrays[name] = wild_array(choices);
  }
  for (const char* name : kScalars) {
    if (choices.below(3) != 0) frame.scalars[name] = wild_number(choices);
  }
  frame.texts["kind"] = kKinds[choices.below(std::size(kKinds))];
  frame.texts["taps"] = choices.below(2) == 0 ? "a,b" : ", ,,";
  return std::make_shared<const Frame>(std::move(frame));
}

inline History wild_history(Choices& choices) {
  RunConfig config;
  if (choices.below(4) == 0) config.task.kind = "addition";
  History history(config);
  std::int64_t step = choices.below(3);
  for (unsigned i = choices.below(6); i > 0; --i) {
    Evaluation at;
    at.step = step;
    for (double* value : {&at.train_loss, &at.test_loss, &at.train_accuracy, &at.test_accuracy,
                          &at.unmirrored_test_accuracy, &at.weight_norm})
      *value = choices.below(2) == 0 ? 0.5 : wild_number(choices);
    at.formerly_trained_count = choices.below(2);
    history.append(at);
    for (const ProbeName& probe : kProbeNames) {
      if (choices.below(2) == 0) history.append(wild_frame(choices, probe.name, step));
    }
    if (choices.below(2) == 0) history.append(wild_frame(choices, "landscape", step));
    step += choices.below(8) == 0 ? 1'000'000'000'000 : 1 + choices.below(20);
  }
  return history;
}

/// Every panel, small and large, with either stand of its switches: laid out, copied as CSV, and asked for
/// what is under a mouse at usual and impossible positions. Returns how many charts that were.
inline std::size_t draw_and_hover(const PanelContext& shown) {
  static const MeasureText measure = inter_metrics();
  constexpr double kPositions[] = {0.5,
                                   1.0,
                                   2.4,
                                   0.0,
                                   -1.0,
                                   1e308,
                                   -1e308,
                                   1e19,
                                   std::numeric_limits<double>::quiet_NaN(),
                                   std::numeric_limits<double>::infinity(),
                                   -std::numeric_limits<double>::infinity()};
  std::size_t drawn = 0;
  for (const Panel& panel : panels()) {
    for (const bool turned : {false, true}) {
      Switches switches;
      for (const PanelSwitch* one : panel.switches) {
        if (turned) switches.toggle(*one);
      }
      PanelContext context = shown;
      context.switches = &switches;
      if (panel.applies != nullptr) (void)panel.applies(context, turned ? "fourier-time" : "");
      for (const bool large : {false, true}) {
        const std::vector<PlacedChart> charts = panel.build(context, large);
        for (std::size_t i = 0; i < charts.size(); ++i) {
          LayoutOptions options;
          options.bounds = large ? Rect{0, 0, 640, 400} : Rect{0, 0, 200, 130};
          const Scene scene = lay_out(charts[i].chart, options, theme(ThemeKind::dark), measure);
          drawn += scene.primitives.empty() ? 0 : 1;
          (void)chart_csv(charts[i].chart);
          for (std::size_t plot = 0; plot < charts[i].chart.plots.size(); ++plot) {
            for (const double x : kPositions) {
              (void)nearest_values(charts[i].chart.plots[plot], x);
              for (const double y : kPositions) {
                if (panel.hover != nullptr) (void)panel.hover(context, {i, plot, x, y});
                if (panel.point != nullptr) (void)panel.point(context, {i, plot, x, y});
                if (panel.click != nullptr) (void)panel.click(context, {i, plot, x, y});
              }
            }
          }
        }
      }
    }
  }
  return drawn;
}

}  // namespace grokscope::testing
