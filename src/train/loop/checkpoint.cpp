#include "train/loop/checkpoint.h"

#include <charconv>
#include <cstring>
#include <utility>

#include "config/config_json.h"
#include "data/host_tensor.h"
#include "train/step/tensor_tools.h"

namespace grokscope {
namespace {

at::ScalarType torch_type_of(ScalarType type) {
  switch (type) {
    case ScalarType::f32:
      return at::kFloat;
    case ScalarType::f64:
      return at::kDouble;
    case ScalarType::i64:
      return at::kLong;
    default:
      return at::kByte;
  }
}

ScalarType stored_type_of(const at::Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kDouble:
      return ScalarType::f64;
    case at::kLong:
      return ScalarType::i64;
    case at::kByte:
      return ScalarType::u8;
    default:
      return ScalarType::f32;
  }
}

StoredTensor stored_from_tensor(const at::Tensor& live) {
  StoredTensor stored;
  stored.type = stored_type_of(live);
  const at::Tensor tensor = on_host(live, torch_type_of(stored.type));
  stored.shape.assign(tensor.sizes().begin(), tensor.sizes().end());
  stored.bytes.resize(tensor.nbytes());
  if (!stored.bytes.empty()) std::memcpy(stored.bytes.data(), host_data<char>(tensor), stored.bytes.size());
  return stored;
}

StoredTensor stored_from_integers(const void* words, std::size_t count) {
  StoredTensor stored;
  stored.type = ScalarType::i64;
  stored.shape = {static_cast<std::int64_t>(count)};
  stored.bytes.resize(count * sizeof(std::int64_t));
  if (count > 0) std::memcpy(stored.bytes.data(), words, stored.bytes.size());
  return stored;
}

const StoredTensor* find_stored(const TensorFile& file, const std::string& name) {
  const auto found = file.tensors.find(name);
  return found == file.tensors.end() ? nullptr : &found->second;
}

Status restore_tensor(at::Tensor live, const TensorFile& file, const std::string& name) {
  const StoredTensor* stored = find_stored(file, name);
  if (stored == nullptr || stored->type != stored_type_of(live) || stored->bytes.size() != live.nbytes()) {
    return failure("a checkpoint does not fit this run: '" + name + "' is missing or has another size");
  }
  const at::Tensor copy = host_tensor(live.sizes(), live.scalar_type());
  if (copy.numel() > 0) std::memcpy(host_data<char>(copy), stored->bytes.data(), stored->bytes.size());
  copy_into(live, copy);
  return {};
}

/// -1 if missing or not a whole number.
std::int64_t number_in(const TensorFile& file, const std::string& key) {
  const auto found = file.metadata.find(key);
  std::int64_t value = -1;
  if (found == file.metadata.end()) return value;
  const char* end = found->second.data() + found->second.size();
  const auto parsed = std::from_chars(found->second.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end ? value : -1;
}

Status restore_split(Training& training, const TensorFile& file) {
  const std::int64_t train_count = number_in(file, "train_count");
  const std::int64_t formerly_trained = number_in(file, "formerly_trained_count");
  if (train_count < 1 || formerly_trained < 0 || train_count > training.data->pool_size - formerly_trained) {
    return failure("a checkpoint does not fit this run: its example counts are damaged");
  }
  training.split.set_train_count(train_count + formerly_trained);
  training.split.set_train_count(train_count);
  return {};
}

Status restore_batches(Training& training, const TensorFile& file) {
  const StoredTensor* random = find_stored(file, "batches.random");
  const StoredTensor* epoch = find_stored(file, "batches.epoch");
  BatchOrder::State state;
  if (random == nullptr || epoch == nullptr || random->bytes.size() != sizeof state.random.words) {
    return failure("a checkpoint does not fit this run: its batch order is missing");
  }
  std::memcpy(state.random.words, random->bytes.data(), sizeof state.random.words);
  state.epoch.resize(epoch->bytes.size() / sizeof(std::int64_t));
  if (!state.epoch.empty())
    std::memcpy(state.epoch.data(), epoch->bytes.data(), state.epoch.size() * sizeof(std::int64_t));
  state.position = number_in(file, "batches.position");
  bool valid = state.position >= 0 && state.position <= static_cast<std::int64_t>(state.epoch.size());
  for (const std::int64_t index : state.epoch)
    valid = valid && index >= 0 && index < training.data->pool_size;
  if (!valid) return failure("a checkpoint does not fit this run: its batch order is damaged");
  training.batches.restore(std::move(state), training.split);
  return {};
}

}  // namespace

TensorFile checkpoint_of(const Training& training) {
  TensorFile file;
  file.tensors["flat"] = stored_from_tensor(training.stepper->flat());
  if (const at::Tensor buffers = training.stepper->buffers(); buffers.defined()) {
    file.tensors["buffers"] = stored_from_tensor(buffers);
  }
  for (const auto& [name, tensor] : training.stepper->optimizer_state()) {
    file.tensors["optimizer." + name] = stored_from_tensor(tensor);
  }
  const BatchOrder::State batches = training.batches.state(training.split);
  file.tensors["batches.random"] =
      stored_from_integers(batches.random.words, std::size(batches.random.words));
  file.tensors["batches.epoch"] = stored_from_integers(batches.epoch.data(), batches.epoch.size());
  file.metadata["schema"] = kCheckpointSchema;
  file.metadata["step"] = std::to_string(training.step);
  file.metadata["seed"] = std::to_string(training.config.seed);
  file.metadata["config"] = text_from_json(json_from_config(training.config));
  file.metadata["train_count"] = std::to_string(training.split.train().size());
  file.metadata["formerly_trained_count"] = std::to_string(training.split.formerly_trained().size());
  file.metadata["batches.position"] = std::to_string(batches.position);
  return file;
}

Status restore_checkpoint(Training& training, const TensorFile& file) {
  const auto schema = file.metadata.find("schema");
  if (schema == file.metadata.end() || schema->second != kCheckpointSchema) {
    return failure("this is not a checkpoint of this version: its schema is not " +
                   std::string(kCheckpointSchema));
  }
  const auto config = file.metadata.find("config");
  if (config == file.metadata.end()) return failure("a checkpoint without its config cannot be restored");
  auto parsed = config_from_text(config->second, "a checkpoint's config");
  if (!parsed) return parsed.error();
  if (parsed->seed != training.config.seed)
    return failure("a checkpoint of another seed does not fit this run");
  const std::int64_t step = number_in(file, "step");
  if (step < 0) return failure("a checkpoint without its step cannot be restored");

  if (parsed->model.dropout != training.config.model.dropout) {  // what a stepper is built from
    training.config.model.dropout = parsed->model.dropout;
    if (Status renewed = renew_stepper(training); !renewed) return renewed;
  }
  if (Status weights = restore_tensor(training.stepper->flat(), file, "flat"); !weights) return weights;
  if (const at::Tensor buffers = training.stepper->buffers(); buffers.defined()) {
    if (Status kept = restore_tensor(buffers, file, "buffers"); !kept) return kept;
  }
  for (auto& [name, tensor] : training.stepper->optimizer_state()) {
    if (Status moments = restore_tensor(tensor, file, "optimizer." + name); !moments) return moments;
  }
  if (Status split = restore_split(training, file); !split) return split;
  if (Status batches = restore_batches(training, file); !batches) return batches;
  training.config = std::move(*parsed);
  training.stepper->set_optimizer(training.config.optimizer);
  training.step = step;
  return {};
}

}  // namespace grokscope
