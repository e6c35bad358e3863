// Picture files: the dashboard or a panel as PNG (with the run inside) or SVG, and everything that Ctrl+S
// writes. PNG needs OpenGL: the window's own context, or one without a window (EGL). Main thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json_text.h"
#include "base/result.h"
#include "chart/gl/scene_renderer.h"
#include "ui/picture.h"

namespace grokscope {

/// Config, seed, events and step as JSON: what a picture carries so that dropping it on the window reopens
/// the run.
std::string picture_metadata(const RunView& run, std::int64_t step);

struct ReopenedPicture {
  RunConfig config;           ///< as it was at the start
  std::vector<Event> events;  ///< interventions to apply again
  std::int64_t step = 0;      ///< that was shown
};
Result<ReopenedPicture> run_from_metadata(std::string_view json_text, const std::string& source);

enum class PictureFormat { png, svg };
/// By the ending of the name; a usage error for any other.
Result<PictureFormat> picture_format(const std::string& path);

/// The bytes of a picture file, without any OpenGL context at hand: makes one for a PNG, none for an SVG.
Result<std::string> picture_bytes(const RunView& run, const ViewState& view, const PictureRequest& request,
                                  PictureFormat format);

/// The same for the window: a PNG uses the renderer of the current OpenGL context.
Result<std::string> picture_bytes_with(SceneRenderer& renderer, const RunView& run, const ViewState& view,
                                       const PictureRequest& request, PictureFormat format);

/// For runs without a window: the dashboard at its newest step, dark, 1280 × 720.
Status save_dashboard_picture(const Session& session, const std::string& name);

/// The text of snapshot.json of the run at `step`.
std::string run_snapshot_text(const RunView& run, std::int64_t step, const std::string& started_utc);

}  // namespace grokscope
