// FrameClock: what the processor does for one frame of charts 1280 pixels wide, again and again: charts,
// layout, reduction, triangles. The rasteriser is not in it. Main thread.
#pragma once

#include <functional>
#include <vector>

#include "base/process.h"
#include "base/statistics.h"
#include "chart/chart.h"
#include "chart/gl/tessellate.h"
#include "chart/scene.h"

namespace grokscope::bench {

inline constexpr int kFramesAtLeast = 9;

class FrameClock {
 public:
  explicit FrameClock(int frames) : frames_(frames) {}

  /// Milliseconds of the calling thread a frame; `grow` is called before each and does not count.
  Spread measure(const std::function<void()>& grow, const std::function<std::vector<Chart>()>& build) {
    draw(build());  // glyphs are rasterised once a run of the program
    std::vector<double> milliseconds;
    for (int frame = 0; frame < frames_; ++frame) {
      grow();
      const double before = thread_cpu_s();
      draw(build());
      milliseconds.push_back(1e3 * (thread_cpu_s() - before));
    }
    return spread_of(milliseconds);
  }

 private:
  static constexpr float kWidth_px = 1280, kHeight_px = 720;

  void draw(const std::vector<Chart>& charts) {
    for (const Chart& chart : charts) {
      LayoutOptions options;
      options.bounds = {0, 0, kWidth_px, kHeight_px};
      const Scene scene = lay_out(chart, options, theme(ThemeKind::dark), measure_text_);
      gl::tessellate(scene, 1.0f, fonts_, atlas_, mesh_);
    }
  }

  const int frames_;
  const MeasureText measure_text_ = inter_metrics();
  const Fonts fonts_;
  gl::GlyphAtlas atlas_;
  gl::Mesh mesh_;  // kept from frame to frame, as the renderer does
};

}  // namespace grokscope::bench
