// RunConfig <-> JSON (nested by the dots of the field names), strict: unknown keys, wrong types and values
// out of range are errors that name the key. Untrusted input. Any thread.
#pragma once

#include <string_view>

#include "base/json_text.h"
#include "base/result.h"
#include "config/fields.h"
#include "config/run_config.h"

namespace grokscope {

/// Every field, nested: {"preset":"quickstart","task":{"kind":"modular",...},...,"seed":0}.
Json json_from_config(const RunConfig& config);

/// Applies the keys present in `patch` to `config` (RFC 7396 in spirit; null is an error). `source` is named
/// in errors.
Status apply_config_json(RunConfig& config, const Json& patch, std::string_view source);

/// A value as JSON gives it: what set_field() takes. An error for null, lists and objects, which no setting
/// has.
Result<FieldValue> value_from_json(std::string_view name, const Json& value);
Json json_from_value(const FieldValue& value);

/// Parses text (at most 1 MiB, depth-limited, duplicate keys refused) and applies it; understands "parent": a
/// preset name.
Result<RunConfig> config_from_text(std::string_view text, std::string_view source);

}  // namespace grokscope
