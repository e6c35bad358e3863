// Interventions: what the events of a run changed in its settings, and how to say so. Torch-free. Any thread
// that owns the history.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "config/fields.h"
#include "history/history.h"

namespace grokscope {

/// The value of a "set" event, of the type of its field. Errors: unknown field (offers the nearest), wrong
/// type.
Result<FieldValue> value_of_set_event(const Event& event);

/// The largest norm that weights may be rescaled to; float32 has room for their squares.
constexpr double kLargestNorm = 1e9;

/// Whether weights can be rescaled to that norm; the error says what can be.
Status check_norm(double norm);

/// The norm of a "rescale_norm" event. Errors: none, not a number, not one that weights can have.
Result<double> norm_of_rescale_event(const Event& event);

/// The settings in force at `step`: those at the start with every "set" event of a step <= `step` applied in
/// order. An event that does not fit the field table (a run of another version) is passed over.
RunConfig config_at(const History& history, std::int64_t step);

/// "Weight decay was changed to 0 at step 500.", "The weights were rescaled to norm 20 at step 500."; a kind
/// of another version: "its_name at step 500."
std::string sentence_of(const Event& intervention);

}  // namespace grokscope
