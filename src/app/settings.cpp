#include "app/settings.h"

#include <algorithm>
#include <cmath>

#include "base/files.h"
#include "base/json_text.h"
#include "ui/panel.h"

namespace grokscope {
namespace {

constexpr std::uint64_t kSizeLimit = 1u << 16;

template <typename T>
void read(const Json& json, const char* key, T& value) {
  const auto found = json.find(key);
  if (found == json.end()) return;
  if constexpr (std::is_same_v<T, bool>) {
    if (found->is_boolean()) value = found->template get<bool>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (found->is_string()) value = found->template get<std::string>();
  } else if (found->is_number()) {
    const double number = found->template get<double>();
    if (std::isfinite(number) && std::abs(number) < 1e6) value = static_cast<T>(number);
  }
}

/// "full" is for a moment; whoever shows the program the next time expects the story.
int remembered_speed(int index) {
  return index > 0 && index < full_speed_index() ? index : 0;
}

constexpr std::size_t kMostRecent = 20, kLongestPath = 4096;

void read_recent(const Json& json, std::vector<std::string>& recent) {
  const auto found = json.find("recent_runs");
  if (found == json.end() || !found->is_array()) return;
  for (const Json& path : *found) {
    if (recent.size() < kMostRecent && path.is_string() &&
        path.get_ref<const std::string&>().size() < kLongestPath)
      recent.push_back(path.get<std::string>());
  }
}

}  // namespace

std::string settings_path() {
  return config_folder() + "/settings.json";
}

Settings settings_from_text(std::string_view text) {
  Settings settings;
  const Result<Json> json = parse_json(text, "settings.json", kSizeLimit);
  if (!json || !json->is_object()) return settings;
  read(*json, "theme", settings.theme);
  read(*json, "zoom", settings.zoom);
  read(*json, "width", settings.width);
  read(*json, "height", settings.height);
  read(*json, "speed", settings.speed_index);
  read(*json, "hint_seen", settings.hint_seen);
  for (const PanelSwitch* one : panel_switches()) {
    bool on = one->initially;
    read(*json, std::string(one->name).c_str(), on);
    if (one->remembered) settings.switches.set(*one, on);
  }
  if (find_theme(settings.theme) == nullptr) settings.theme = "dark";
  settings.zoom = std::clamp(settings.zoom, 0.75, 3.0);
  settings.width = std::clamp(settings.width, 320, 16384);
  settings.height = std::clamp(settings.height, 240, 16384);
  settings.speed_index = remembered_speed(settings.speed_index);
  read_recent(*json, settings.recent_runs);
  return settings;
}

std::string text_from_settings(const Settings& settings) {
  Json json = Json::object();
  json["theme"] = settings.theme;
  json["zoom"] = settings.zoom;
  json["width"] = settings.width;
  json["height"] = settings.height;
  json["speed"] = settings.speed_index;
  json["hint_seen"] = settings.hint_seen;
  for (const PanelSwitch* one : panel_switches()) {
    if (one->remembered) json[std::string(one->name)] = settings.switches.on(*one);
  }
  json["recent_runs"] = Json::array();
  for (const std::string& path : settings.recent_runs) json["recent_runs"].push_back(path);
  return text_from_json(json, 2) + "\n";
}

Settings load_settings(const std::string& path) {
  const Result<std::string> text = read_file(path, kSizeLimit);
  return text ? settings_from_text(*text) : Settings{};
}

Status save_settings(const std::string& path, const Settings& settings) {
  if (Status made = make_folders(path.substr(0, path.rfind('/'))); !made) return made;
  return write_file_atomic(path, text_from_settings(settings));
}

void apply_settings(const Settings& settings, ViewState& view) {
  if (const Theme* chosen = find_theme(settings.theme)) view.theme = chosen->kind;
  view.zoom = static_cast<float>(settings.zoom);
  view.speed_index = settings.speed_index;
  view.hint_open = !settings.hint_seen;
  view.switches = settings.switches;
  for (const std::string& path : settings.recent_runs) view.recent.push_back({path});
}

Settings settings_of(const ViewState& view, int width, int height) {
  Settings settings;
  settings.theme = theme(view.theme).name;
  settings.zoom = std::round(static_cast<double>(view.zoom) * 100.0) / 100.0;
  settings.width = width;
  settings.height = height;
  settings.speed_index = remembered_speed(view.speed_index);
  for (const RecentRun& run : view.recent) settings.recent_runs.push_back(run.path);
  settings.hint_seen = !view.hint_open;
  settings.switches = view.switches;
  return settings;
}

}  // namespace grokscope
