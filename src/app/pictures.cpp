#include "app/pictures.h"

#include <algorithm>

#include "base/memory.h"
#include "base/version.h"
#include "chart/gl/egl_context.h"
#include "chart/svg.h"
#include "config/config_json.h"
#include "export/png.h"
#include "export/snapshot_json.h"
#include "history/interventions.h"
#include "history/run_files.h"
#include "sweep/plan_json.h"
#include "ui/panel.h"

namespace grokscope {
namespace {

constexpr std::string_view kSchema = "grokscope.picture/1";
constexpr int kMostPixels = 16384;
/// Four samples and what they resolve to, the pixels that are read back, the rows and the bytes of the PNG.
constexpr std::uint64_t kBytesAPixel = 4 * 4 + 4 + 4 + 8;

bool ends_with(const std::string& path, std::string_view ending) {
  return path.size() > ending.size() &&
         std::equal(ending.rbegin(), ending.rend(), path.rbegin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
         });
}

std::string svg_of(const Scene& scene, const PictureWords& words, const std::string& metadata) {
  SvgOptions options;
  options.width_px = scene.bounds.width;
  options.height_px = scene.bounds.height;
  options.title = words.title;
  options.description = words.description;
  options.metadata_json = metadata;
  return svg_from_scenes({&scene, 1}, options);
}

Result<std::string> png_of(SceneRenderer& renderer, const Scene& scene, const std::string& metadata) {
  const int width = static_cast<int>(scene.bounds.width), height = static_cast<int>(scene.bounds.height);
  const auto pixels = static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
  if (Status fits = memory_suffices("a picture of this size", kBytesAPixel * pixels, "ask for a smaller one");
      !fits) {
    return fits.error();
  }
  Result<Framebuffer> target = Framebuffer::create(width, height);
  if (!target) return target.error();
  target->bind();
  renderer.draw(scene, width, height, scene.bounds, 1.0f);
  return png_with_metadata(width, height, target->read_rgba(), metadata);
}

Status check_size(const PictureRequest& request) {
  if (request.width < 64 || request.height < 64 || request.width > kMostPixels ||
      request.height > kMostPixels) {
    return usage_error("a picture must be between 64 and 16384 pixels wide and high");
  }
  return {};
}

/// Of a picture of a sweep its plan: opening the picture trains it, or finds it known.
std::string metadata_of(const RunView& run, const ViewState& view, const PictureRequest& request) {
  const Panel* panel = find_panel(request.panel);
  if (panel == nullptr || !panel->over_sweep || run.sweep == nullptr)
    return picture_metadata(run, shown_step(run, view));
  Json json = Json::object();
  json["schema"] = kSchema;
  json["version"] = kVersion;
  json["plan"] = json_from_plan(*run.sweep->plan);
  return text_from_json(json);
}

Result<std::string> svg_bytes(const RunView& run, const ViewState& view, const PictureRequest& request,
                              const MeasureText& measure) {
  const Result<Scene> scene = picture_scene(run, view, request, measure);
  if (!scene) return scene.error();
  return svg_of(*scene, picture_words(run, view, request), metadata_of(run, view, request));
}

Result<std::string> png_bytes(SceneRenderer& renderer, const RunView& run, const ViewState& view,
                              const PictureRequest& request) {
  const Result<Scene> scene = picture_scene(run, view, request, renderer.measure());
  if (!scene) return scene.error();
  return png_of(renderer, *scene, metadata_of(run, view, request));
}

}  // namespace

std::string picture_metadata(const RunView& run, std::int64_t step) {
  Json json = Json::object();
  json["schema"] = kSchema;
  json["version"] = kVersion;
  json["step"] = step;
  json["seed"] = run.history->config().seed;
  json["config"] = json_from_config(run.history->config());
  json["events"] = Json::array();
  for (const Event& event : run.history->events()) {
    if (event.step <= step) json["events"].push_back(json_from_event(event));
  }
  return text_from_json(json);
}

Result<ReopenedPicture> run_from_metadata(std::string_view json_text, const std::string& source) {
  const Result<Json> json = parse_json(json_text, source, 8u << 20);
  if (!json) return json.error();
  const auto is = [&](const char* key, auto check) { return json->contains(key) && check((*json)[key]); };
  if (!json->is_object() || !is("config", [](const Json& value) { return value.is_object(); })) {
    return usage_error("the picture carries no settings of a run: " + source);
  }
  ReopenedPicture picture;
  Json config = (*json)["config"];
  if (Status applied = apply_config_json(picture.config, config, source); !applied) return applied.error();
  if (is("step", [](const Json& value) { return value.is_number_integer(); }))
    picture.step = (*json)["step"].get<std::int64_t>();
  if (!is("events", [](const Json& value) { return value.is_array(); })) return picture;
  for (const Json& entry : (*json)["events"]) {
    Result<Event> event = event_from_json(entry, source);
    if (!event) return event.error();
    if (is_intervention(*event)) picture.events.push_back(std::move(*event));
  }
  return picture;
}

Result<PictureFormat> picture_format(const std::string& path) {
  if (ends_with(path, ".png")) return PictureFormat::png;
  if (ends_with(path, ".svg")) return PictureFormat::svg;
  return usage_error("a picture's name must end in .png or .svg: " + path);
}

Result<std::string> picture_bytes(const RunView& run, const ViewState& view, const PictureRequest& request,
                                  PictureFormat format) {
  if (Status usable = check_size(request); !usable) return usable.error();
  if (format == PictureFormat::svg) return svg_bytes(run, view, request, inter_metrics());
  Result<EglContext> context = EglContext::create();
  if (!context) return context.error();
  Result<SceneRenderer> renderer = SceneRenderer::create();
  if (!renderer) return renderer.error();
  return png_bytes(*renderer, run, view, request);
}

Result<std::string> picture_bytes_with(SceneRenderer& renderer, const RunView& run, const ViewState& view,
                                       const PictureRequest& request, PictureFormat format) {
  if (Status usable = check_size(request); !usable) return usable.error();
  return format == PictureFormat::svg ? svg_bytes(run, view, request, renderer.measure())
                                      : png_bytes(renderer, run, view, request);
}

Status save_dashboard_picture(const Session& session, const std::string& name) {
  const RunView run = view_of(session);
  ViewState view;
  view.theme = ThemeKind::light;
  PictureRequest request;
  request.look = PictureLook::paper;
  const Result<std::string> bytes = picture_bytes(run, view, request, PictureFormat::png);
  return bytes ? write_run_file(run.run_path, name, *bytes) : bytes.error();
}

std::string run_snapshot_text(const RunView& run, std::int64_t step, const std::string& started_utc) {
  Provenance made_by;
  made_by.version = kVersion;
  made_by.started_utc = started_utc;
  if (run.facts != nullptr) {
    made_by.torch_version = run.facts->torch_version;
    made_by.blas = run.facts->blas;
    made_by.engine = run.facts->engine;
    made_by.device = run.facts->device;
    made_by.threads = run.facts->threads;
  }
  const Json facts = run.facts == nullptr ? Json::object() : json_from_facts(*run.facts);
  return snapshot_text(*run.history, made_by, facts, step);
}

}  // namespace grokscope
