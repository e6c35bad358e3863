#include "config/presets.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "assets/embedded.h"
#include "base/files.h"
#include "base/home_path.h"
#include "base/outside_text.h"
#include "base/text.h"
#include "config/config_json.h"
#include "config/config_text.h"

namespace grokscope {
namespace {

constexpr std::string_view kFolder = "presets/", kSuffix = ".json";
constexpr int kParentLimit = 8;

std::string asset_name(std::string_view preset) {
  return fmt::format("{}{}{}", kFolder, preset, kSuffix);
}

Result<RunConfig> resolve(std::string_view name, int depth) {
  const std::string source = asset_name(name);
  const EmbeddedAsset* asset = find_embedded_asset(source);
  if (asset == nullptr) return usage_error(fmt::format("there is no preset of that name: {}", source));
  if (depth > kParentLimit) return usage_error(fmt::format("its parents form a circle: {}", source));
  Result<Json> json = parse_config_text(asset->bytes, source);
  if (!json) return json.error();
  RunConfig base;
  if (json->contains("parent")) {
    Result<RunConfig> parent = resolve(json->at("parent").get<std::string>(), depth + 1);
    if (!parent) return parent;
    base = std::move(*parent);
  }
  base.preset = name;
  return config_on_parent(std::move(base), std::move(*json), source);
}

/// The presets are part of the program and a test reads every one: a broken one cannot be handled, only
/// reported.
[[noreturn]] void stop_with(const std::string& message) {
  std::fprintf(stderr, "grokscope: a preset in the program is broken: %s\n", message.c_str());
  std::abort();
}

std::vector<Preset> read_presets() {
  std::vector<std::pair<std::int64_t, Preset>> found;
  for (const EmbeddedAsset& asset : embedded_assets()) {
    if (!asset.name.starts_with(kFolder) || !asset.name.ends_with(kSuffix)) continue;
    Preset preset;
    preset.name = asset.name.substr(kFolder.size(), asset.name.size() - kFolder.size() - kSuffix.size());
    Result<RunConfig> config = resolve(preset.name, 0);
    if (!config) stop_with(config.error().message);
    preset.config = std::move(*config);
    const Result<Json> json =
        parse_config_text(asset.bytes, asset.name);  // parsed by resolve(): cannot fail here
    preset.title = json->value("title", "");
    preset.paper = json->value("paper", "");
    preset.look_for = json->value("look_for", "");
    preset.differs = json->value("differs", "");
    auto opens = preset_opens(*json);
    if (!opens) stop_with(opens.error().message + ": " + asset.name.data());
    preset.opens = std::move(*opens);
    found.emplace_back(json->value("order", std::int64_t{1000}), std::move(preset));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Preset> presets;
  presets.reserve(found.size());
  for (auto& [order, preset] : found) presets.push_back(std::move(preset));
  return presets;
}

const std::vector<Preset>& preset_table() {
  static const std::vector<Preset> table = read_presets();
  return table;
}

bool looks_like_path(const std::string& text) {
  std::error_code ignored;
  return text.find('/') != std::string::npos || text.ends_with(kSuffix) ||
         std::filesystem::exists(text, ignored);
}

}  // namespace

std::span<const Preset> presets() {
  return preset_table();
}

const Preset* find_preset(std::string_view name) {
  for (const Preset& preset : preset_table()) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

Result<PresetOpens> preset_opens(const Json& json) {
  const auto found = json.find("opens");
  if (found == json.end()) return PresetOpens{};
  if (!found->is_object()) return usage_error("opens must be an object with \"theory\" or \"sweep\"");
  PresetOpens opens;
  for (const auto& [key, value] : found->items()) {
    if (key == "theory" && value.is_string()) {
      opens.theory = value.get<std::string>();
    } else if (key == "sweep" && value.is_string()) {
      opens.sweep = value.get<std::string>();
    } else if (key == "set" && value.is_object()) {
      for (const auto& [name, what] : value.items())
        opens.assignments.push_back(name + "=" +
                                    (what.is_string() ? what.get<std::string>() : text_from_json(what)));
    } else {
      return usage_error(fmt::format("opens has no {}: it has theory, set and sweep", in_quotes(key)));
    }
  }
  if (opens.theory.empty() == opens.sweep.empty()) return usage_error("opens names one of theory and sweep");
  if (opens.theory.empty() && !opens.assignments.empty())
    return usage_error("opens has set, which belongs to a theory");
  return opens;
}

Status check_trains(const Preset& preset) {
  if (preset.opens.theory.empty()) return {};
  return usage_error(
      fmt::format("{} is computed and not trained: `grokscope theory {}` computes it, and "
                  "`grokscope {}` opens it in the window",
                  preset.name, preset.opens.theory, preset.name));
}

Error unknown_preset_error(std::string_view name) {
  std::vector<std::string> names;
  for (const Preset& preset : preset_table()) names.push_back(preset.name);
  const std::string nearest = nearest_name(name, names);
  const std::string hint = nearest.empty() ? ": run" : fmt::format(": did you mean '{}'? Run", nearest);
  return usage_error(
      fmt::format("unknown preset {}{} `grokscope presets` for the list", in_quotes(name), hint));
}

Result<RunConfig> load_config(std::string_view preset_or_file) {
  if (const Preset* preset = find_preset(preset_or_file)) {
    const Status trains = check_trains(*preset);
    return trains ? Result<RunConfig>(preset->config) : trains.error();
  }
  std::string path = with_home(preset_or_file);
  if (path.empty() || !looks_like_path(path)) return unknown_preset_error(path);
  constexpr std::uint64_t kLargestConfig = 1u << 20;
  std::error_code ignored;
  const bool run_folder = std::filesystem::is_directory(path, ignored);
  if (run_folder) path = (std::filesystem::path(path) / "config.json").string();
  const Result<std::string> text =
      run_folder ? read_file(path, kLargestConfig) : read_file_or_pipe(path, kLargestConfig);
  if (!text) return usage_error(text.error().message);
  return config_from_text(*text, path);
}

}  // namespace grokscope
