// Whose turn it is in a look at a part of the layers, and what such a look says of the others: what they were
// when it was their turn, stamped with that step. Not the looking itself (layers.h). Torch-free; pure
// functions. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history/frame.h"

namespace grokscope {

/// Of a layer's features, (example, feature): their covariance and its eigenvalues.
double work_of_layer(std::int64_t examples, std::int64_t features);

/// In so many parts the layers are looked at, one after the other, until all have had their turn.
std::int64_t parts_of(std::span<const double> work_of_layers, double work_of_a_part);
/// The layers of part `number`, counted on for ever. The last one before the answer comes first; the turns go
/// through the depth of the network in long steps, so that what is newest is spread over it.
std::vector<std::size_t> layers_in_part(std::size_t layers, std::int64_t parts, std::int64_t number);

/// "hidden.1,hidden.2,output".
std::string text_of_names(std::span<const std::string> names);
std::vector<std::string> names_in_text(const std::string& text);

inline constexpr std::int64_t kNeverLookedAt = -1;
/// (layer) the steps of `text`, as text_of_steps() wrote it; all kNeverLookedAt if it is of other layers.
std::vector<std::int64_t> steps_of_text(const std::string& text, std::size_t layers);
std::string text_of_steps(std::span<const std::int64_t> steps);

/// Copies what `before` says of a layer whose turn it is not: pictures and reasons, but no scalar, which
/// would be recorded as measured now.
void carry_over(const Frame& before, const std::string& layer, Frame& frame);

}  // namespace grokscope
