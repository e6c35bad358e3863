// Frame <-> safetensors.
#include "history/frame_file.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "base/json_text.h"
#include "base/outside_text.h"

namespace grokscope {

namespace {

constexpr const char* kSchema = "grokscope.frame/1";

Error damaged(const std::string& why, const std::string& source) {
  return failure("damaged frame: " + why + ": " + source);
}

StoredTensor tensor_from_array(const Array& array) {
  StoredTensor tensor;
  tensor.type = ScalarType::f32;
  tensor.shape = array.shape;
  std::size_t count = array.shape.empty() ? 0 : 1;
  for (const std::int64_t size : array.shape) count *= static_cast<std::size_t>(size);
  // An empty array has shape {}, which would be one number in safetensors; a wrong shape would make the file
  // unreadable.
  if (count != array.values.size() || array.shape.empty()) {
    tensor.shape = {static_cast<std::int64_t>(array.values.size())};
  }
  tensor.bytes.resize(array.values.size() * sizeof(float));
  if (!tensor.bytes.empty()) std::memcpy(tensor.bytes.data(), array.values.data(), tensor.bytes.size());
  return tensor;
}

/// Scalars as an object of numbers; non-finite ones as the texts "NaN", "inf", "-inf".
std::string text_from_scalars(const std::map<std::string, double>& scalars) {
  Json json = Json::object();
  for (const auto& [name, value] : scalars) {
    if (std::isfinite(value)) {
      json[name] = value;
    } else {
      json[name] = std::isnan(value) ? "NaN" : value > 0 ? "inf" : "-inf";
    }
  }
  return text_from_json(json);
}

Status read_scalars(Frame& frame, const std::string& text, const std::string& source) {
  const Result<Json> json = parse_json(text, source, std::size_t{4} << 20);
  if (!json) return json.error();
  if (!json->is_object()) return damaged("its scalars are not an object", source);
  for (const auto& [name, value] : json->items()) {
    if (value.is_number()) {
      frame.scalars[name] = value.get<double>();
    } else if (value == "NaN") {
      frame.scalars[name] = std::numeric_limits<double>::quiet_NaN();
    } else if (value == "inf" || value == "-inf") {
      frame.scalars[name] = (value == "inf" ? 1 : -1) * std::numeric_limits<double>::infinity();
    } else {
      return damaged("its scalar " + in_quotes(name) + " is not a number", source);
    }
  }
  return {};
}

Status read_texts(Frame& frame, const std::string& text, const std::string& source) {
  const Result<Json> json = parse_json(text, source, std::size_t{4} << 20);
  if (!json) return json.error();
  if (!json->is_object()) return damaged("its texts are not an object", source);
  for (const auto& [name, value] : json->items()) {
    if (!value.is_string()) return damaged("its text " + in_quotes(name) + " is not a text", source);
    frame.texts[name] = value.get<std::string>();
  }
  return {};
}

Result<std::int64_t> read_step(const std::string& text, const std::string& source) {
  const Result<Json> json = parse_json(text, source, 32);
  if (!json || !json->is_number_unsigned() || json->get<std::uint64_t>() > INT64_MAX) {
    return damaged("its step is not a whole number from 0 on", source);
  }
  return json->get<std::int64_t>();
}

}  // namespace

bool is_probe_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos;
}

TensorFile tensor_file_from_frame(const Frame& frame) {
  TensorFile file;
  for (const auto& [name, array] : frame.arrays) file.tensors.emplace(name, tensor_from_array(array));
  file.metadata["schema"] = kSchema;
  file.metadata["probe"] = frame.probe;
  file.metadata["step"] = std::to_string(frame.step);
  file.metadata["scalars"] = text_from_scalars(frame.scalars);
  file.metadata["texts"] = text_from_json(Json(frame.texts));
  if (!frame.not_applicable.empty()) file.metadata["not_applicable"] = frame.not_applicable;
  return file;
}

Result<Frame> frame_from_metadata(const std::map<std::string, std::string>& metadata,
                                  const std::string& source) {
  const auto note = [&](const char* key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : found->second;
  };
  if (note("schema") != kSchema) return damaged(std::string("its schema is not ") + kSchema, source);
  Frame frame;
  frame.probe = note("probe");
  if (!is_probe_name(frame.probe)) return damaged("its probe has no proper name", source);
  const Result<std::int64_t> step = read_step(note("step"), source);
  if (!step) return step.error();
  frame.step = *step;
  frame.not_applicable = note("not_applicable");
  if (Status read = read_scalars(frame, note("scalars"), source); !read) return read.error();
  if (Status read = read_texts(frame, note("texts"), source); !read) return read.error();
  return frame;
}

Result<Frame> frame_from_tensor_file(const TensorFile& file, const std::string& source) {
  Result<Frame> head = frame_from_metadata(file.metadata, source);
  if (!head) return head;
  Frame& frame = *head;
  for (const auto& [name, tensor] : file.tensors) {
    if (tensor.type != ScalarType::f32)
      return damaged("its array " + in_quotes(name) + " is not of type F32", source);
    Array array;
    array.values.resize(tensor.bytes.size() / sizeof(float));
    if (!tensor.bytes.empty()) std::memcpy(array.values.data(), tensor.bytes.data(), tensor.bytes.size());
    if (!array.values.empty()) array.shape = tensor.shape;
    frame.arrays.emplace(name, std::move(array));
  }
  return head;
}

}  // namespace grokscope
