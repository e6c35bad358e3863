#include "train/loop/training.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/files.h"
#include "base/memory.h"
#include "model/blueprint.h"
#include "train/kernels/gemm.h"
#include "train/kernels/thread_choice.h"
#include "train/loop/memory_need.h"
#include "train/step/device.h"
#include "train/step/fused_list.h"
#include "train/step/tensor_tools.h"
#include "train/step/torch_steppers.h"

namespace grokscope {
namespace {

/// The parameters of a config's network and their first values.
struct Beginning {
  ParameterLayout layout;
  at::Tensor flat;  // (total)
};

/// Refuses, before any weight is drawn, what will not fit into memory.
using Fits = std::function<Status(std::int64_t parameters)>;

/// Without LibTorch where no more than the parameters is needed.
Result<Beginning> begin_training(const RunConfig& config, const Dataset& data, const Fits& fits) {
  const auto seed = static_cast<std::uint64_t>(config.seed);
  if (auto blueprint = find_blueprint(config, data)) {
    if (!*blueprint) return blueprint->error();
    const auto& [layout, init] = **blueprint;
    if (Status status = fits(layout.total()); !status) return status.error();
    return Beginning{layout, draw_parameters(layout, init, seed)};
  }
  const auto model = torch_steppers().make_model(config, data);
  if (!model) return model.error();
  if (Status status = fits((*model)->layout().total()); !status) return status.error();
  return Beginning{(*model)->layout(), (*model)->initial_parameters(seed)};
}

RunFacts facts_of(const Dataset& data, const ParameterLayout& layout, const Stepper& stepper,
                  const StepperOptions& options) {
  RunFacts facts;
  facts.title = data.title;
  facts.device = options.cuda ? "CUDA" : "CPU";
  facts.torch_version = torch_version();
  facts.blas = blas_name(stepper.engine());
  facts.engine = stepper.engine();
  facts.threads = options.threads;
  facts.parameter_count = layout.total();
  facts.pool_size = data.pool_size;
  facts.total_examples = data.pool_size + data.held_out;
  facts.left_tokens = data.left_tokens;
  facts.right_tokens = data.right_tokens;
  facts.class_count = data.class_count;
  facts.majority_share = majority_share(data);
  return facts;
}

/// What decides how long a step takes.
std::string shape_of_step(const RunConfig& config, const ParameterLayout& layout, const Dataset& data,
                          std::size_t batch) {
  const ModelConfig& shape = config.model;
  std::string text = config.train.engine + " " + config.train.precision + " " + shape.kind + " " +
                     shape.activation + " " + shape.sequence;
  for (const std::int64_t number : {shape.width, shape.depth, shape.heads, shape.mlp_width, data.token_count,
                                    data.class_count, layout.total(), static_cast<std::int64_t>(batch)}) {
    text += " " + std::to_string(number);
  }
  return text;
}

/// Times gradients of throw-away steppers on the first examples: no weight and no random state changes.
int calibrated_threads(const RunConfig& config, const Beginning& beginning,
                       const std::shared_ptr<const Dataset>& data, std::span<const std::int64_t> batch) {
  const auto seconds_with = [&](int threads) {
    auto stepper =
        make_stepper({config, nullptr, beginning.layout, data, beginning.flat, {.threads = threads}});
    if (!stepper) return 1e300;  // the caller will meet the same error
    return seconds_of([&] { (*stepper)->gradient(batch, nullptr); });
  };
  return choose_workers(shape_of_step(config, beginning.layout, *data, batch.size()), most_workers(),
                        cache_folder() + "/threads.json", seconds_with);
}

}  // namespace

Result<Training> prepare_training(const RunConfig& config, const TrainerOptions& options) {
  if (Status device = check_device(options.device); !device) return device.error();
  const int threads = options.threads > 0 ? options.threads : most_workers();
  constexpr int kOtherThreads = 2;  // this one and that of the probes
  if (Status fit = fused::blas_buffers_fit(threads + kOtherThreads); !fit) return fit.error();
  fused::wake_multiplies();
  const auto seed = static_cast<std::uint64_t>(config.seed);
  auto data = make_dataset(config.task, seed, number_type_of(config.train));
  if (!data) return data.error();

  const Dataset& task = **data;
  const std::int64_t wanted =
      wanted_train_count(config.task.train_fraction, config.task.train_size, task.pool_size);
  Split split(task.pool_size, task.held_out, seed, wanted, task.mirrors,
              config.task.split == "unordered" ? SplitBy::unordered : SplitBy::pairs);
  const auto train_size = static_cast<std::int64_t>(split.train().size());
  const std::int64_t batch_size =
      config.train.batch_size > 0 ? std::min(config.train.batch_size, train_size) : train_size;

  StepperOptions stepper_options;
  stepper_options.cuda = uses_cuda(options.device);
  const auto fits = [&](std::int64_t parameters) {
    const MemoryNeed need = memory_need(config, task, parameters, batch_size, options.probes);
    return stepper_options.cuda ? Status() : training_fits(need);  // a GPU has memory of its own
  };
  auto beginning = begin_training(config, task, fits);
  if (!beginning) return beginning.error();
  stepper_options.threads = options.threads;
  stepper_options.preferred_engine = options.preferred_engine;
  if (stepper_options.cuda) stepper_options.threads = 1;
  if (stepper_options.threads <= 0) {
    const auto batch = split.train().subspan(0, static_cast<std::size_t>(batch_size));
    stepper_options.threads = calibrated_threads(config, *beginning, *data, batch);
  }
  stepper_options.steps_on_what_it_evaluates = true;
  auto stepper = make_stepper({config, nullptr, beginning->layout, *data, beginning->flat, stepper_options});
  if (!stepper) return stepper.error();

  RunFacts facts = facts_of(task, beginning->layout, **stepper, stepper_options);
  return Training{config,
                  std::move(*data),
                  std::move(beginning->layout),
                  std::move(split),
                  std::move(*stepper),
                  BatchOrder(seed),
                  0,
                  std::move(facts),
                  stepper_options};
}

Status check_task(const TaskConfig& task, std::int64_t seed) {
  try {
    const auto data = make_dataset(task, static_cast<std::uint64_t>(seed));
    return data ? Status() : data.error();
  } catch (const std::exception& error) {  // no memory
    return failure("the task cannot be made: " + reason_of(error));
  }
}

Status renew_labels(Training& training) {
  const std::shared_ptr<const Dataset> before = training.data;
  training.data = with_label_noise(*before, training.config.task.label_noise,
                                   static_cast<std::uint64_t>(training.config.seed));
  Status renewed = renew_stepper(training);
  if (!renewed) training.data = before;
  return renewed;
}

Status renew_stepper(Training& training) {
  auto renewed = make_stepper({training.config, nullptr, training.layout, training.data,
                               training.stepper->flat(), training.stepper_options});
  if (!renewed) return renewed.error();
  auto to = (*renewed)->optimizer_state();
  const auto from = training.stepper->optimizer_state();  // the same tensors: only live settings changed
  for (std::size_t i = 0; i < to.size() && i < from.size(); ++i) copy_into(to[i].second, from[i].second);
  if (at::Tensor buffers = (*renewed)->buffers(); buffers.defined())
    copy_into(buffers, training.stepper->buffers());
  training.stepper = std::move(*renewed);
  training.facts.engine = training.stepper->engine();
  return {};
}

}  // namespace grokscope
