#include "app/claim_files.h"

#include <utility>
#include <vector>

#include "app/pictures.h"
#include "base/files.h"
#include "base/version.h"
#include "chart/gl/egl_context.h"
#include "chart/gl/scene_renderer.h"
#include "export/png.h"
#include "export/svg_export.h"

namespace grokscope {
namespace {

constexpr float kTileWidth = 520, kTileHeight = 340;

/// The charts in a row, as one scene.
Scene scene_of(const std::vector<Chart>& charts, const Theme& colours) {
  const MeasureText measure = inter_metrics();
  Scene all;
  all.bounds = {0, 0, kTileWidth * static_cast<float>(charts.size()), kTileHeight};
  for (std::size_t i = 0; i < charts.size(); ++i) {
    LayoutOptions options;
    options.bounds = {kTileWidth * static_cast<float>(i), 0, kTileWidth, kTileHeight};
    options.with_panel = true;
    Scene tile = lay_out(charts[i], options, colours, measure);
    for (Primitive& primitive : tile.primitives) all.primitives.push_back(std::move(primitive));
  }
  return all;
}

Status save_svg(const Claim& claim, const Scene& scene, const Theme& colours, const std::string& metadata,
                const std::string& path) {
  SvgOptions options;
  options.width_px = scene.bounds.width;
  options.height_px = scene.bounds.height;
  options.background = colours.background;
  options.title = "Grokscope: " + std::string(claim.name);
  options.description =
      std::string(claim.statement) + " (" + std::string(claim.paper) + ", " + std::string(claim.figure) + ")";
  options.metadata_json = metadata;
  return write_svg(path, {&scene, 1}, options);
}

Status save_png(const Scene& scene, const std::string& metadata, const std::string& path) {
  Result<EglContext> context = EglContext::create();
  if (!context) return context.error();
  Result<SceneRenderer> renderer = SceneRenderer::create();
  if (!renderer) return renderer.error();
  const int width = static_cast<int>(scene.bounds.width), height = static_cast<int>(scene.bounds.height);
  Result<Framebuffer> target = Framebuffer::create(width, height);
  if (!target) return target.error();
  target->bind();
  renderer->draw(scene, width, height, scene.bounds, 1.0f);
  return write_png(path, width, height, target->read_rgba(), metadata);
}

}  // namespace

std::string default_claims_folder() {
  return data_folder() + "/claims";
}

Json json_from_claim(const Claim& claim, const CheckedClaim& checked, ClaimSize size) {
  Json json = Json::object();
  json["name"] = claim.name;
  json["paper"] = claim.paper;
  json["figure"] = claim.figure;
  json["size"] = size == ClaimSize::quick ? "quick" : "full";
  json["expected"] = claim.expected;
  json["measured"] = checked.judgement.measured;
  json["verdict"] = checked.judgement.holds ? "holds" : "fails";
  json["explanation"] = checked.judgement.explanation;
  put_number(json, "seconds", checked.seconds);
  put_number(json, "training_seconds", checked.training_seconds);
  json["runs"] = checked.runs;
  return json;
}

Result<ClaimFiles> save_claim(const Claim& claim, const CheckedClaim& checked, ClaimSize size,
                              const std::string& folder) {
  if (Status made = make_folders(folder); !made) return made.error();
  Json record = json_from_claim(claim, checked, size);
  record["version"] = kVersion;
  record["checked_utc"] = utc_now();
  const std::string stem = folder + "/" + std::string(claim.name), metadata = text_from_json(record);
  if (Status saved = write_file_atomic(stem + ".json", text_from_json(record, 2) + "\n"); !saved)
    return saved.error();
  ClaimFiles files;
  if (checked.judgement.charts.empty()) return files;
  const Theme& light = theme(ThemeKind::light);
  const Scene scene = scene_of(checked.judgement.charts, light);
  files.svg = stem + ".svg";
  if (Status saved = save_svg(claim, scene, light, metadata, files.svg); !saved) return saved.error();
  if (Status saved = save_png(scene, metadata, stem + ".png"); !saved) files.warning = saved.error().message;
  return files;
}

}  // namespace grokscope
