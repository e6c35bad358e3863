// The steps between a config's text and a RunConfig that presets and files share; private to config/. Any
// thread.
#pragma once

#include <string_view>

#include "base/json_text.h"
#include "base/result.h"
#include "config/run_config.h"

namespace grokscope {

/// A JSON object of at most 1 MiB; errors are usage errors.
Result<Json> parse_config_text(std::string_view text, std::string_view source);

/// Applies a patch, leaving out the keys beside the settings: parent, title, paper, look_for, differs, order,
/// made_by.
Result<RunConfig> config_on_parent(RunConfig parent, Json patch, std::string_view source);

/// "unknown preset 'nanda': did you mean 'nanda-2023'? Run `grokscope presets` for the list".
Error unknown_preset_error(std::string_view name);

}  // namespace grokscope
