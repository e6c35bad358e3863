// run_training: one run from config to end, on the calling thread (the trainer thread). Torch-free header:
// values in, values out through TrainerPorts; it does not know whether a window exists.
#pragma once

#include <stop_token>

#include "contract/ports.h"

namespace grokscope {

/// Returns why it stopped (also published as the last event, "stopped"), or the error that kept it from
/// starting or going on. `published` must be drained until this returns. A run diverges when its training
/// loss or weight norm is not finite, or the loss exceeds 1e9 times what it was at the start (at least 1e9).
///
/// Events it publishes, beside those of event.h: what an intervention did, with "from"; speed has
/// "steps_per_second"; note has "text": why a command changed nothing.
Result<StopReason> run_training(const RunConfig& config, const TrainerOptions& options,
                                const TrainerPorts& ports, std::stop_token stop);

}  // namespace grokscope
