// Presets: small JSON patches in assets/presets/ (embedded at build time), each on a parent. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/run_config.h"

namespace grokscope {

struct Preset {
  std::string name;      ///< "nanda-2023"
  std::string title;     ///< one line for a person: "a + b mod 113, the published one-layer transformer"
  std::string paper;     ///< "Nanda et al. 2023"
  std::string look_for;  ///< one or two sentences: what a student will see
  std::string differs;   ///< where it is not what the paper or its code has; empty where it claims nothing
  RunConfig config;      ///< fully resolved
};

/// In menu order; `quickstart` first.
std::span<const Preset> presets();
const Preset* find_preset(std::string_view name);

/// A preset name, or a path to a config JSON file (also a run folder's config.json). Errors offer the nearest
/// preset.
Result<RunConfig> load_config(std::string_view preset_or_file);

}  // namespace grokscope
