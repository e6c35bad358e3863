// Training: everything a run consists of between two steps. Built once by prepare_training(), changed only by
// the stepper and by apply_command(). Trainer thread only.
#pragma once

#include <memory>

#include "contract/ports.h"
#include "train/step/batch_order.h"
#include "train/step/stepper.h"

namespace grokscope {

struct Training {
  RunConfig config;  ///< as it is now: interventions applied
  std::shared_ptr<const Dataset> data;
  ParameterLayout layout;
  Split split;
  std::unique_ptr<Stepper> stepper;
  BatchOrder batches;
  std::int64_t step = 0;  ///< updates done
  RunFacts facts;
  StepperOptions stepper_options;
};

/// Builds task, model, weights and stepper of a config; the first thing that cannot be built is the error.
Result<Training> prepare_training(const RunConfig& config, const TrainerOptions& options);

/// Whether the task can be made: its formula is one, its files are there and can be read. The error is that
/// of prepare_training().
Status check_task(const TaskConfig& task, std::int64_t seed);

/// Replaces the labels that are trained on by those of training.config.task.label_noise, as a run that begins
/// with it has them, in a set of examples of its own: probes at work keep theirs. On an error nothing
/// changed.
Status renew_labels(Training& training);

/// Makes the stepper anew for training.config after a live change of what a stepper is built from (dropout,
/// data); that may change the engine. Weights and optimizer state move over bit for bit. On an error nothing
/// changed.
Status renew_stepper(Training& training);

}  // namespace grokscope
