#include "app/pictures.h"

#include <algorithm>
#include <ctime>

#include "base/version.h"
#include "chart/gl/egl_context.h"
#include "config/config_json.h"
#include "export/png.h"
#include "export/snapshot_json.h"
#include "export/svg_export.h"

namespace grokscope {
namespace {

constexpr std::string_view kSchema = "grokscope.picture/1";
constexpr int kMostPixels = 16384;

bool ends_with(const std::string& path, std::string_view ending) {
  return path.size() > ending.size() &&
         std::equal(ending.rbegin(), ending.rend(), path.rbegin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
         });
}

std::string title_of(const RunView& run) {
  return "Grokscope" + (run.facts == nullptr ? std::string() : ": " + run.facts->title);
}

Status save_svg(const RunView& run, const Scene& scene, const std::string& metadata,
                const std::string& path) {
  SvgOptions options;
  options.width_px = scene.bounds.width;
  options.height_px = scene.bounds.height;
  options.title = title_of(run);
  options.metadata_json = metadata;
  return write_svg(path, {&scene, 1}, options);
}

Status save_png(SceneRenderer& renderer, const Scene& scene, const std::string& metadata,
                const std::string& path) {
  const int width = static_cast<int>(scene.bounds.width), height = static_cast<int>(scene.bounds.height);
  Result<Framebuffer> target = Framebuffer::create(width, height);
  if (!target) return target.error();
  target->bind();
  renderer.draw(scene, width, height, scene.bounds, 1.0f);
  return write_png(path, width, height, target->read_rgba(), metadata);
}

Status check_request(const PictureRequest& request, const std::string& path) {
  if (!ends_with(path, ".png") && !ends_with(path, ".svg"))
    return usage_error("a picture's name must end in .png or .svg: " + path);
  if (request.width < 64 || request.height < 64 || request.width > kMostPixels ||
      request.height > kMostPixels) {
    return usage_error("a picture must be between 64 and 16384 pixels wide and high");
  }
  return {};
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

Status save_picture_with(SceneRenderer& renderer, const RunView& run, const ViewState& view,
                         const PictureRequest& request, const std::string& path) {
  if (Status usable = check_request(request, path); !usable) return usable;
  const Result<Scene> scene = picture_scene(run, view, request, renderer.measure());
  if (!scene) return scene.error();
  const std::string metadata = picture_metadata(run, shown_step(run, view));
  return ends_with(path, ".svg") ? save_svg(run, *scene, metadata, path)
                                 : save_png(renderer, *scene, metadata, path);
}

Status save_picture(const RunView& run, const ViewState& view, const PictureRequest& request,
                    const std::string& path) {
  if (Status usable = check_request(request, path); !usable) return usable;
  if (ends_with(path, ".svg")) {
    const Result<Scene> scene = picture_scene(run, view, request, inter_metrics());
    if (!scene) return scene.error();
    return save_svg(run, *scene, picture_metadata(run, shown_step(run, view)), path);
  }
  Result<EglContext> context = EglContext::create();
  if (!context) return context.error();
  Result<SceneRenderer> renderer = SceneRenderer::create();
  if (!renderer) return renderer.error();
  return save_picture_with(*renderer, run, view, request, path);
}

Status save_dashboard_picture(const Session& session, const std::string& path) {
  RunView run{&session.history(), &session.config(),
              &session.status(),  session.facts() ? &*session.facts() : nullptr,
              session.live(),     session.run_path()};
  ViewState view;
  view.speed_index = full_speed_index();
  return save_picture(run, view, PictureRequest{}, path);
}

Json json_from_facts(const RunFacts& facts) {
  Json json = Json::object();
  json["title"] = facts.title;
  json["engine"] = facts.engine;
  json["parameter_count"] = facts.parameter_count;
  json["pool_size"] = facts.pool_size;
  json["total_examples"] = facts.total_examples;
  json["left_tokens"] = facts.left_tokens;
  json["right_tokens"] = facts.right_tokens;
  json["class_count"] = facts.class_count;
  return json;
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

Status save_run_snapshot(const RunView& run, std::int64_t step, const std::string& started_utc,
                         const std::string& path) {
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
  return write_snapshot(path, *run.history, made_by,
                        run.facts == nullptr ? Json::object() : json_from_facts(*run.facts), step);
}

}  // namespace grokscope
