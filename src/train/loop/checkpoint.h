// Checkpoints: all that a run needs to go on bit for bit. The weights by name (named_weights.h), "buffers"
// (what the model keeps beside them, if anything), "optimizer.<name>" (moments: vectors of all weights in the
// order of the model's layout),
// "batches.random" (4 words), "batches.epoch"; metadata: schema, step, seed, config (JSON), train_count,
// formerly_trained_count, batches.position. Trainer thread.
#pragma once

#include "history/safetensors.h"
#include "train/loop/training.h"

namespace grokscope {

inline constexpr std::string_view kCheckpointSchema = "grokscope.checkpoint/2";
/// Of earlier versions: all weights in one vector, "flat", in the order of the layout. Read, never written.
inline constexpr std::string_view kFlatCheckpointSchema = "grokscope.checkpoint/1";

/// A copy of everything; shares nothing with the running training.
TensorFile checkpoint_of(const Training& training);

/// Puts a freshly prepared training of the same config where the checkpoint was taken. An error (training is
/// then unusable) if the checkpoint is of another kind of run or incomplete.
Status restore_checkpoint(Training& training, const TensorFile& file);

}  // namespace grokscope
