// Fuzz body: a true checkpoint, changed by the input (metadata, shapes, types, numbers, missing tensors), is
// restored into a fresh training: it is refused with a sentence, or the training goes on from it.
// module: train
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "train/loop/checkpoint.h"
#include "train/loop/trainer.h"

namespace {

using namespace grokscope;

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool is_over() const { return at_ >= size_; }
  std::uint8_t byte() { return is_over() ? std::uint8_t{0} : data_[at_++]; }
  std::size_t below(std::size_t count) { return (byte() | std::size_t{byte()} << 8) % count; }
  std::string text() {
    std::string text;
    for (std::size_t left = byte() % 32u; left > 0 && !is_over(); --left) text += static_cast<char>(byte());
    return text;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_, at_ = 0;
};

RunConfig small_config() {
  RunConfig config;
  config.task.modulus = 5;
  config.task.train_fraction = 0.5;
  config.model.width = 8;
  config.model.heads = 2;
  config.model.mlp_width = 8;
  config.train.batch_size = 4;
  config.train.steps = 100;
  return config;
}

Training fresh_training() {
  TrainerOptions options;
  options.threads = 1;
  options.probes = false;
  auto training = prepare_training(small_config(), options);
  if (!training) std::abort();
  return std::move(*training);
}

void train(Training& training, int steps) {
  for (int i = 0; i < steps; ++i, ++training.step) {
    training.stepper->step(training.step,
                           training.batches.next(training.split, training.config.train.batch_size));
  }
}

const TensorFile& true_checkpoint() {
  static const TensorFile file = [] {
    Training training = fresh_training();
    train(training, 3);
    return checkpoint_of(training);
  }();
  return file;
}

void change(TensorFile& file, Input& input) {
  auto note = file.metadata.begin();
  std::advance(note, static_cast<std::ptrdiff_t>(input.below(file.metadata.size())));
  auto tensor = file.tensors.begin();
  std::advance(tensor, static_cast<std::ptrdiff_t>(input.below(file.tensors.size())));
  StoredTensor& stored = tensor->second;
  switch (input.byte() % 7) {
    case 0:
      note->second = input.text();
      break;
    case 1:
      if (!note->second.empty())
        note->second[input.below(note->second.size())] = static_cast<char>(input.byte());
      break;
    case 2:
      stored.shape = {static_cast<std::int64_t>(input.below(64)), static_cast<std::int64_t>(input.below(64))};
      break;
    case 3:
      stored.bytes.resize(input.below(4096));
      break;
    case 4:
      stored.type = static_cast<ScalarType>(input.byte() % 4);
      break;
    case 5:
      if (file.tensors.size() > 1) file.tensors.erase(tensor);
      break;
    default:
      if (!stored.bytes.empty()) stored.bytes[input.below(stored.bytes.size())] = input.byte();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  TensorFile file = true_checkpoint();
  for (int i = 0; i < 16 && !input.is_over(); ++i) change(file, input);
  Training training = fresh_training();
  const Status restored = restore_checkpoint(training, file);
  if (!restored) {
    if (restored.error().message.empty()) std::abort();
    return 0;
  }
  train(training, 2);
  return 0;
}
