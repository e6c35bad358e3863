#include "config/config_json.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "base/outside_text.h"
#include "base/text.h"
#include "config/config_text.h"
#include "config/fields.h"
#include "config/presets.h"

namespace grokscope {
namespace {

constexpr std::size_t kConfigLimit = 1u << 20;

using Leaves = std::map<std::string, const Json*>;

Error in_source(const Error& error, std::string_view source) {
  return usage_error(fmt::format("{} (in {})", error.message, source));
}

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const Field& field : fields()) {
    const auto dot = field.name.find('.');
    if (dot == std::string::npos) continue;
    const std::string section = field.name.substr(0, dot);
    if (names.empty() || names.back() != section) names.push_back(section);
  }
  return names;
}

bool is_section(std::string_view name) {
  static const std::vector<std::string> names = section_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Names go into the names of run folders, so nothing that a path could mean is let in.
bool is_preset_name(std::string_view name) {
  return name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '_';
         });
}

std::string describe(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::string:
      return "a text";
    default:
      return visible(text_from_json(value));
  }
}

Error unknown_key_error(const std::string& name, const Json& value) {
  const std::string nearest = value.is_object() ? nearest_name(name, section_names()) : "";
  if (nearest.empty()) return unknown_field_error(name);
  return usage_error(
      fmt::format("unknown group of settings {}: did you mean '{}'?", in_quotes(name), nearest));
}

/// Collects what stands under `prefix` by its dotted name. Sections may also be written with dots.
Status collect(const Json& object, const std::string& prefix, Leaves& leaves) {
  for (const auto& [key, value] : object.items()) {
    const std::string name = prefix.empty() ? key : fmt::format("{}.{}", prefix, key);
    if (prefix.empty() && key == "preset") continue;
    if (is_section(name)) {
      if (!value.is_object()) {
        return usage_error(fmt::format("{} must be an object of settings, not {}", name, describe(value)));
      }
      if (Status status = collect(value, name, leaves); !status) return status;
      continue;
    }
    if (find_field(name) == nullptr) return unknown_key_error(name, value);
    if (!leaves.emplace(name, &value).second)
      return usage_error(fmt::format("{} is given twice", visible(name)));
  }
  return {};
}

Status apply(RunConfig& config, const Json& patch) {
  if (!patch.is_object())
    return usage_error(fmt::format("settings must be a JSON object, not {}", describe(patch)));
  if (const auto preset = patch.find("preset"); preset != patch.end()) {
    if (!preset->is_string())
      return usage_error(fmt::format("preset must be a text, not {}", describe(*preset)));
    if (!is_preset_name(preset->get<std::string>())) {
      return usage_error("preset must be a name of at most 64 letters, digits, '-' and '_'");
    }
    config.preset = preset->get<std::string>();
  }
  Leaves leaves;
  if (Status status = collect(patch, "", leaves); !status) return status;
  // In the table's order, not the file's: what task.operation means depends on task.kind.
  for (const Field& field : fields()) {
    const auto leaf = leaves.find(field.name);
    if (leaf == leaves.end()) continue;
    const auto value = value_from_json(field.name, *leaf->second);
    if (!value) return value.error();
    if (Status status = set_field(config, field.name, *value); !status) return status;
  }
  return {};
}

}  // namespace

Result<FieldValue> value_from_json(std::string_view name, const Json& value) {
  if (value.is_boolean()) return FieldValue(value.get<bool>());
  // Beyond int64 a number is out of every range; as a double it still shows up in the message.
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX}) {
    return FieldValue(value.get<double>());
  }
  if (value.is_number_integer()) return FieldValue(value.get<std::int64_t>());
  if (value.is_number_float()) return FieldValue(value.get<double>());
  if (value.is_string()) return FieldValue(value.get<std::string>());
  return usage_error(fmt::format("{} must be a value, not {}", visible(name), describe(value)));
}

Json json_from_value(const FieldValue& value) {
  return std::visit(
      [](const auto& held) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, double>) return finite_or_null(held);
        return held;
      },
      value);
}

Json json_from_config(const RunConfig& config) {
  Json json = Json::object();
  json["preset"] = config.preset;
  for (const Field& field : fields()) {
    const auto dot = field.name.find('.');
    Json& place = dot == std::string::npos ? json[field.name]
                                           : json[field.name.substr(0, dot)][field.name.substr(dot + 1)];
    std::visit([&](const auto& value) { place = value; }, field.get(config));
  }
  return json;
}

Status apply_config_json(RunConfig& config, const Json& patch, std::string_view source) {
  RunConfig changed = config;
  if (const Status status = apply(changed, patch); !status) return in_source(status.error(), source);
  config = std::move(changed);
  return {};
}

Result<Json> parse_config_text(std::string_view text, std::string_view source) {
  Result<Json> json = parse_json(text, source, kConfigLimit);
  if (!json) return usage_error(json.error().message);
  if (!json->is_object()) {
    return in_source(usage_error(fmt::format("settings must be a JSON object, not {}", describe(*json))),
                     source);
  }
  return json;
}

Result<RunConfig> config_on_parent(RunConfig parent, Json patch, std::string_view source) {
  for (const char* beside : {"parent", "forked_at", "title", "paper", "look_for", "differs", "order", "opens",
                             "schema", "made_by"})
    patch.erase(beside);
  if (Status status = apply_config_json(parent, patch, source); !status) return status.error();
  return parent;
}

Result<RunConfig> config_from_text(std::string_view text, std::string_view source) {
  Result<Json> json = parse_config_text(text, source);
  if (!json) return json.error();
  RunConfig base;
  // The config.json of a fork names the run that it left, and has every setting itself.
  const bool forked = json->contains("forked_at");
  if (const auto parent = json->find("parent"); parent != json->end() && !forked) {
    if (!parent->is_string()) {
      return in_source(
          usage_error(fmt::format("parent must be the name of a preset, not {}", describe(*parent))), source);
    }
    const Preset* preset = find_preset(parent->get<std::string>());
    if (preset == nullptr) return in_source(unknown_preset_error(parent->get<std::string>()), source);
    if (Status trains = check_trains(*preset); !trains) return in_source(trains.error(), source);
    base = preset->config;
  }
  return config_on_parent(std::move(base), std::move(*json), source);
}

}  // namespace grokscope
