#include "app/claim_files.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "app/pictures.h"
#include "base/files.h"
#include "base/output.h"
#include "base/utc_time.h"
#include "base/version.h"
#include "chart/gl/egl_context.h"
#include "chart/gl/scene_renderer.h"
#include "chart/svg.h"
#include "export/png.h"

namespace grokscope {
namespace {

constexpr float kTileWidth = 520, kTileHeight = 340;
constexpr const char* kEndings[] = {".json", ".svg", ".png"};

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

std::string svg_of(const Claim& claim, const Scene& scene, const Theme& colours,
                   const std::string& metadata) {
  SvgOptions options;
  options.width_px = scene.bounds.width;
  options.height_px = scene.bounds.height;
  options.background = colours.background;
  options.title = "Grokscope: " + std::string(claim.name);
  options.description =
      std::string(claim.statement) + " (" + std::string(claim.paper) + ", " + std::string(claim.figure) + ")";
  options.metadata_json = metadata;
  return svg_from_scenes({&scene, 1}, options);
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
  const Result<std::string> png = png_with_metadata(width, height, target->read_rgba(), metadata);
  return png ? write_output(path, *png) : png.error();
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
  json["cached"] = checked.known;
  return json;
}

Status check_claim_files(const std::vector<const Claim*>& claims, const std::string& folder) {
  if (Status possible = check_output_folder(folder); !possible) return possible;
  std::error_code ignored;
  if (!std::filesystem::exists(folder, ignored)) return {};
  for (const Claim* claim : claims) {
    for (const char* ending : kEndings) {
      Status possible = check_output(folder + "/" + std::string(claim->name) + ending);
      if (!possible) return possible;
    }
  }
  return {};
}

Result<ClaimFiles> save_claim(const Claim& claim, const CheckedClaim& checked, ClaimSize size,
                              const std::string& folder) {
  if (Status made = make_folders(folder); !made) return made.error();
  Json record = json_from_claim(claim, checked, size);
  record["version"] = kVersion;
  record["checked_utc"] = utc_now();
  const std::string stem = folder + "/" + std::string(claim.name), metadata = text_from_json(record);
  if (Status saved = write_output(stem + ".json", text_from_json(record, 2) + "\n"); !saved)
    return saved.error();
  ClaimFiles files;
  if (checked.judgement.charts.empty()) return files;
  const Theme& light = theme(ThemeKind::light);
  const Scene scene = scene_of(checked.judgement.charts, light);
  files.svg = stem + ".svg";
  if (Status saved = write_output(files.svg, svg_of(claim, scene, light, metadata)); !saved)
    return saved.error();
  if (Status saved = save_png(scene, metadata, stem + ".png"); !saved) files.warning = saved.error().message;
  return files;
}

}  // namespace grokscope
