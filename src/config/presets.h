// Presets: small JSON patches in assets/presets/ (embedded at build time), each on a parent. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "base/result.h"
#include "config/run_config.h"

namespace grokscope {

/// What a preset opens besides a run, or in its place.
struct PresetOpens {
  std::string theory;                    ///< a study that is computed (theory/study.h): there is no run
  std::vector<std::string> assignments;  ///< "n=100": values of its parameters
  std::string sweep;  ///< a plan of assets/sweeps; the settings are those of one of its runs
};

struct Preset {
  std::string name;      ///< "nanda-2023"
  std::string title;     ///< one line for a person: "a + b mod 113, the published one-layer transformer"
  std::string paper;     ///< "Nanda et al. 2023"
  std::string look_for;  ///< one or two sentences: what a student will see
  std::string differs;   ///< where it is not what the paper or its code has; empty where it claims nothing
  PresetOpens opens;     ///< mostly nothing
  RunConfig config;      ///< fully resolved; of a preset that is computed, the defaults
};

/// In menu order; `quickstart` first.
std::span<const Preset> presets();
const Preset* find_preset(std::string_view name);

/// A usage error for a preset that is computed and not trained: it names the command that computes it.
Status check_trains(const Preset& preset);
/// "opens" of a preset's JSON, checked.
Result<PresetOpens> preset_opens(const Json& json);

/// A preset name, or a path to a config JSON file (also a run folder's config.json). Errors offer the nearest
/// preset.
Result<RunConfig> load_config(std::string_view preset_or_file);

}  // namespace grokscope
