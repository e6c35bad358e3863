#include "train/loop/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/outside_text.h"
#include "config/config_json.h"
#include "config/fields.h"
#include "data/host_tensor.h"
#include "train/loop/named_weights.h"
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
  if (stored == nullptr || stored->type != stored_type_of(live) || stored->bytes.size() != live.nbytes() ||
      !std::equal(stored->shape.begin(), stored->shape.end(), live.sizes().begin(), live.sizes().end())) {
    return failure("a checkpoint does not fit this run: '" + name + "' is missing or has another shape");
  }
  const at::Tensor copy = host_tensor(live.sizes(), live.scalar_type());
  if (copy.numel() > 0) std::memcpy(host_data<char>(copy), stored->bytes.data(), stored->bytes.size());
  copy_into(live, copy);
  return {};
}

/// Named tensors; one vector in the files of earlier versions.
Status restore_weights_of(Training& training, const TensorFile& file, std::string_view schema) {
  at::Tensor& live = training.stepper->flat();
  if (schema == kFlatCheckpointSchema) return restore_tensor(live, file, "flat");
  const at::Tensor copy = host_tensor(live.sizes(), live.scalar_type());
  Status read = with_number_of(live.scalar_type(), [&](auto number) {
    return restore_weights(training.layout, file, host_span<decltype(number)>(copy));
  });
  if (read) copy_into(live, copy);
  return read;
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

/// The integers of that name, `count` of them (-1: any number).
Status read_integers(const TensorFile& file, const std::string& name, std::int64_t count,
                     std::vector<std::int64_t>& integers) {
  const StoredTensor* stored = find_stored(file, name);
  const std::size_t each = sizeof(std::int64_t);
  if (stored == nullptr || stored->type != ScalarType::i64 || stored->bytes.size() % each != 0 ||
      (count >= 0 && stored->bytes.size() != each * static_cast<std::size_t>(count))) {
    return failure("a checkpoint does not fit this run: '" + name + "' is missing or has another size");
  }
  integers.resize(stored->bytes.size() / each);
  if (!integers.empty()) std::memcpy(integers.data(), stored->bytes.data(), stored->bytes.size());
  return {};
}

/// Whether the epoch is what BatchOrder left: nothing, or every example of the training set once.
bool is_epoch_of(std::vector<std::int64_t> epoch, const Split& split) {
  if (epoch.empty()) return true;
  std::vector<std::int64_t> train(split.train().begin(), split.train().end());
  std::sort(train.begin(), train.end());
  std::sort(epoch.begin(), epoch.end());
  return epoch == train;
}

/// After restore_split(): the epoch is a shuffle of that training set.
Status restore_batches(Training& training, const TensorFile& file) {
  BatchOrder::State state;
  std::vector<std::int64_t> words;
  if (Status read = read_integers(file, "batches.random", std::size(state.random.words), words); !read)
    return read;
  if (Status read = read_integers(file, "batches.epoch", -1, state.epoch); !read) return read;
  std::memcpy(state.random.words, words.data(), sizeof state.random.words);
  state.position = number_in(file, "batches.position");
  const bool stuck = std::all_of(words.begin(), words.end(), [](std::int64_t word) { return word == 0; });
  if (stuck || state.position < 0 || state.position > static_cast<std::int64_t>(state.epoch.size()) ||
      !is_epoch_of(state.epoch, training.split)) {
    return failure("a checkpoint does not fit this run: its batch order is damaged");
  }
  training.batches.restore(std::move(state), training.split);
  return {};
}

/// What may differ between a run and a checkpoint of it: what interventions changed, and how long the run is,
/// how often it is looked at and kept.
Status check_same_run(const RunConfig& run, const RunConfig& checkpoint) {
  if (Status valid = validate(checkpoint); !valid) {
    return failure("a checkpoint does not fit this run: " + valid.error().message);
  }
  for (const Field& field : fields()) {
    const bool about_the_record = field.name.starts_with("train.") && field.name != "train.batch_size" &&
                                  field.name != "train.precision";
    if (field.live || about_the_record || field.get(run) == field.get(checkpoint)) continue;
    return failure("a checkpoint does not fit this run: its " + field.name + " is " +
                   in_quotes(text_of(field.get(checkpoint))) + ", not " + in_quotes(text_of(field.get(run))));
  }
  return {};
}

}  // namespace

TensorFile checkpoint_of(const Training& training) {
  TensorFile file;
  const at::Tensor weights = on_host(training.stepper->flat(), training.stepper->flat().scalar_type());
  with_number_of(weights.scalar_type(), [&](auto number) {
    store_weights<decltype(number)>(training.layout, host_span<decltype(number)>(weights), file);
  });
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
  file.metadata["format"] = "pt";  // Hugging Face's loaders ask: laid out as PyTorch's modules
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
  if (schema == file.metadata.end() ||
      (schema->second != kCheckpointSchema && schema->second != kFlatCheckpointSchema)) {
    return failure("this is not a checkpoint of this version: its schema is not " +
                   std::string(kCheckpointSchema));
  }
  const auto config = file.metadata.find("config");
  if (config == file.metadata.end()) return failure("a checkpoint without its config cannot be restored");
  auto parsed = config_from_text(config->second, "a checkpoint's config");
  if (!parsed) return parsed.error();
  if (Status same = check_same_run(training.config, *parsed); !same) return same;
  const std::int64_t step = number_in(file, "step");
  if (step < 0) return failure("a checkpoint without its step cannot be restored");

  // What a stepper is built from.
  const bool relabels = parsed->task.label_noise != training.config.task.label_noise;
  if (relabels || parsed->model.dropout != training.config.model.dropout) {
    training.config.model.dropout = parsed->model.dropout;
    training.config.task.label_noise = parsed->task.label_noise;
    if (Status renewed = relabels ? renew_labels(training) : renew_stepper(training); !renewed)
      return renewed;
  }
  if (Status weights = restore_weights_of(training, file, schema->second); !weights) return weights;
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
