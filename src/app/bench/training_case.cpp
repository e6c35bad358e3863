#include "app/bench/training_case.h"

#include <utility>

#include "app/bench/random_images.h"
#include "config/fields.h"
#include "config/presets.h"
#include "contract/training_library.h"

namespace grokscope::bench {
namespace {

constexpr std::int64_t kTrainImages = 1000, kTestImages = 200;  // a small set, as the papers use

Result<TrainingCase> preset_case(std::string_view preset) {
  auto config = load_config(preset);
  if (!config) return config.error();
  return TrainingCase{std::move(*config), std::nullopt};
}

/// So small that a step costs what its calls cost: where a fused step gains most over an ordinary one.
Result<TrainingCase> small_transformer_case() {
  auto made = preset_case("nanda-2023");
  if (!made) return made.error();
  made->config.task.modulus = 53;
  made->config.task.train_fraction = 0.4;
  made->config.model.width = 64;
  made->config.model.mlp_width = 256;
  return made;
}

/// The MLP of the MNIST-1D notebook (Greydanus 2020) near its interpolation threshold.
Result<TrainingCase> signal_mlp_case() {
  auto made = preset_case("double-descent-epochwise");
  if (!made) return made.error();
  RunConfig& config = made->config;
  config.task.train_size = 4000;
  config.model.kind = "mlp";
  config.model.depth = 2;
  config.model.width = 64;
  config.optimizer.learning_rate = 0.01;
  config.optimizer.momentum = 0.9;
  config.optimizer.schedule = "constant";
  config.train.batch_size = 100;
  return made;
}

}  // namespace

Result<TrainingCase> image_mlp_case(std::int64_t depth, std::int64_t width, std::int64_t batch,
                                    const std::string& loss) {
  auto folder = ScratchFolder::make();
  if (!folder) return folder.error();
  if (Status written = write_random_images(folder->path(), kTrainImages, kTestImages); !written)
    return written.error();
  TrainingCase made;
  RunConfig& config = made.config;
  config.task.kind = "images";
  config.task.path = folder->path();
  config.task.train_size = kTrainImages;
  config.model.kind = "mlp";
  config.model.depth = depth;
  config.model.width = width;
  config.init.kind = "torch";
  config.loss.kind = loss;
  config.optimizer.learning_rate = 1e-3;
  config.optimizer.weight_decay = 0.01;
  config.optimizer.beta2 = 0.999;
  config.optimizer.warmup_steps = 0;
  config.train.batch_size = batch;
  made.images = std::move(*folder);
  return made;
}

Result<TrainingCase> training_case(std::string_view name) {
  if (name == "transformer-p113") return preset_case("nanda-2023");
  if (name == "transformer-p53") return small_transformer_case();
  if (name == "quickstart") return preset_case("quickstart");
  if (name == "quadratic-p97") return preset_case("gromov-2023");
  if (name == "mnist-mlp") return image_mlp_case(2, 200, 200, "mse");
  if (name == "cnn1d") return preset_case("double-descent-epochwise");
  if (name == "mlp-mnist1d") return signal_mlp_case();
  if (name == "deep-mlp12") return image_mlp_case(12, 400, 200, "cross_entropy");
  return failure("there is no such training to measure: " + std::string(name));
}

Result<StepBench> measure_case(const RunConfig& config, const Request& request, bool with_peak) {
  RunConfig chosen = config;
  chosen.train.engine = request.engine;
  for (const std::string& setting : request.settings) {
    if (Status set = set_field_from_text(chosen, setting); !set) return set.error();
  }
  if (Status valid = validate(chosen); !valid) return valid.error();
  auto library = load_training_library();
  if (!library) return library.error();
  StepBenchOptions options;
  options.device = Device::cpu;
  options.threads = request.threads;
  options.seconds = request.seconds;
  options.repeats = request.repeats;
  options.with_peak = with_peak;
  return (*library)->bench_training(chosen, options);
}

}  // namespace grokscope::bench
