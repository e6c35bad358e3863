// MemoryNeed: how much memory a training will take, counted before it is taken, from its config, its data and
// the number of its parameters. What surely lies there at the same time; scratch of the kernels comes on top.
// Does not allocate. Any thread.
#pragma once

#include <cstdint>

#include "base/memory.h"
#include "base/result.h"
#include "config/run_config.h"
#include "data/dataset.h"

namespace grokscope {

/// In bytes.
struct MemoryNeed {
  std::uint64_t weights = 0;      ///< all parameters: themselves, gradient, moments, the copy of a checkpoint
  std::uint64_t activations = 0;  ///< of the examples of one step
  std::uint64_t answers = 0;      ///< logits of all examples, which the probes look at
  std::uint64_t total() const { return weights + activations + answers; }
};

/// `batch`: examples of one step. `looks`: whether probes look inside.
MemoryNeed memory_need(const RunConfig& config, const Dataset& data, std::int64_t parameters,
                       std::int64_t batch, bool looks);

/// Error: it does not fit: how much it needs, how much there is, what to set.
Status training_fits(const MemoryNeed& need, std::uint64_t available = available_memory_bytes());

}  // namespace grokscope
