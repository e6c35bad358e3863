// The one field table: name, type, range, unit, default and help of every setting. JSON, --set, `grokscope
// fields`, sliders, tooltips and docs/settings.md all read it. Any thread; immutable after start.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"

namespace grokscope {

enum class FieldType { boolean, integer, real, choice, text };

using FieldValue = std::variant<bool, std::int64_t, double, std::string>;

struct Field {
  std::string name;   ///< dotted, e.g. "optimizer.weight_decay": a contract with presets and scripts
  std::string label;  ///< for the window, sentence case: "Weight decay"
  FieldType type = FieldType::real;
  double minimum = 0.0;  ///< inclusive, numbers only
  double maximum = 0.0;
  double slider_minimum =
      0.0;  ///< what a slider covers (inside minimum..maximum); with log_scale it may be 0:
  double slider_maximum =
      0.0;                 ///< the leftmost stop is then 0 itself, the decades begin at slider_maximum / 1e4
  bool log_scale = false;  ///< sliders move in decades
  bool live = false;       ///< may change while the run trains (an intervention)
  std::vector<std::string> choices;  ///< FieldType::choice
  std::string unit;                  ///< "", "steps", "pairs", "fraction", ...
  std::string help;                  ///< one or two plain sentences; what to look for; source last
  std::function<FieldValue(const RunConfig&)> get;
  std::function<void(RunConfig&, const FieldValue&)> set;  ///< unchecked: use set_field()
  /// Whether it means something beside the other settings (a modulus, to a table, does not); empty: always.
  std::function<bool(const RunConfig&)> applies;
};

/// All fields in their canonical order (the order of config.json).
std::span<const Field> fields();

/// The field of that dotted name, or nullptr.
const Field* find_field(std::string_view name);

/// See Field::applies.
bool field_applies(const Field& field, const RunConfig& config);

/// A usage error "unknown setting 'optimiser.lr': did you mean 'optimizer.learning_rate'?".
Error unknown_field_error(std::string_view name);

/// Checks type, range and choice, then sets. The error names the field, the value, the allowed range. Whole
/// reals do for integers and the reverse; other spellings of task.operation become its canonical name
/// (config/operations.h).
Status set_field(RunConfig& config, std::string_view name, const FieldValue& value);

/// `key=value` as typed after --set; the value is parsed by the field's type.
Status set_field_from_text(RunConfig& config, std::string_view assignment);

/// What was typed, in the field's own type where it is one (base/number_text.h); what is not stays a text, so
/// that set_field() complains about it.
FieldValue value_from_text(const Field& field, std::string_view text);

/// "0.5", "true", "adamw": the shortest text that reads back to the same value.
std::string text_of(const FieldValue& value);

/// "1e-6 .. 1" or "sgd | adam | adamw"; "" for free text.
std::string range_text(const Field& field);

/// Checks between fields (a table needs a path, width divides by heads, modulus prime for division, ...).
Status validate(const RunConfig& config);

}  // namespace grokscope
