// LSTM that reads a text and says whether it is kind (Liu et al. 2022, Omnigrok, §4: IMDb). Any thread: const
// after construction.
#pragma once

#include <memory>

#include "base/result.h"
#include "model/model.h"

namespace grokscope {

/// Embedding(words + 1, model.embedding_width), model.depth LSTM layers of model.width, and one number z from
/// the last position. The logits are [0, z], so that their cross-entropy is the binary cross-entropy of σ(z).
/// Errors: a task that is not text, more than two classes, a loss or a dropout that it has no meaning for.
Result<std::shared_ptr<const Model>> make_lstm(const RunConfig& config, const Dataset& data);

}  // namespace grokscope
