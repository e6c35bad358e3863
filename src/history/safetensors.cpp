// safetensors: the writer orders tensors so that each is aligned; the reader checks every number before it
// allocates.
#include "history/safetensors.h"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/files.h"
#include "base/json_text.h"

namespace grokscope {

static_assert(std::endian::native == std::endian::little, "safetensors holds little-endian numbers");

namespace {

constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{4} << 30;
constexpr std::size_t kMaxTensors = 100000;
constexpr std::size_t kMaxDimensions = 16;

struct TypeRow {
  ScalarType type;
  const char* name;
  std::uint64_t size;
};
constexpr TypeRow kTypes[] = {{ScalarType::f64, "F64", 8},
                              {ScalarType::i64, "I64", 8},
                              {ScalarType::f32, "F32", 4},
                              {ScalarType::u8, "U8", 1}};

const TypeRow& row_of(ScalarType type) {
  return *std::find_if(std::begin(kTypes), std::end(kTypes),
                       [&](const TypeRow& row) { return row.type == type; });
}

/// Where one tensor of the header says it lies.
struct Entry {
  std::string name;
  ScalarType type = ScalarType::f32;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;  ///< bytes, within the data that follows the header
};

struct Header {
  std::vector<Entry> entries;  ///< by position
  std::map<std::string, std::string> metadata;
  std::uint64_t data_bytes = 0;
};

Error damaged(const std::string& why, const std::string& source) {
  return failure("damaged safetensors file: " + why + ": " + source);
}

std::optional<std::uint64_t> natural_number(const Json& json) {
  if (!json.is_number_unsigned()) return std::nullopt;
  const auto value = json.get<std::uint64_t>();
  return value <= INT64_MAX ? std::optional(value) : std::nullopt;
}

/// The number of bytes of a shape; nullopt when it does not fit.
std::optional<std::uint64_t> byte_count(const std::vector<std::int64_t>& shape, ScalarType type) {
  std::uint64_t bytes = row_of(type).size;
  bool empty = false;
  for (const std::int64_t size : shape) {
    if (size < 0) return std::nullopt;
    if (size == 0) empty = true;
    if (size > 0 && __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(size), &bytes))
      return std::nullopt;
  }
  return empty ? 0 : bytes;
}

Result<Entry> entry_from_json(const std::string& name, const Json& json, const std::string& source) {
  const std::string who = "tensor " + text_from_json(Json(name)) + " ";
  if (!json.is_object()) return damaged(who + "is not described by an object", source);
  const auto type = json.find("dtype");
  const auto shape = json.find("shape");
  const auto offsets = json.find("data_offsets");
  if (type == json.end() || !type->is_string()) return damaged(who + "has no dtype", source);
  if (shape == json.end() || !shape->is_array() || shape->size() > kMaxDimensions) {
    return damaged(who + "has no shape", source);
  }
  if (offsets == json.end() || !offsets->is_array() || offsets->size() != 2) {
    return damaged(who + "has no data_offsets", source);
  }

  Entry entry;
  entry.name = name;
  const auto row = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeRow& candidate) {
    return type->get_ref<const std::string&>() == candidate.name;
  });
  if (row == std::end(kTypes)) return damaged(who + "has a dtype other than F32, F64, I64, U8", source);
  entry.type = row->type;
  for (const Json& size : *shape) {
    const auto value = natural_number(size);
    if (!value) return damaged(who + "has a shape that is not made of whole numbers", source);
    entry.shape.push_back(static_cast<std::int64_t>(*value));
  }
  const auto begin = natural_number((*offsets)[0]), end = natural_number((*offsets)[1]);
  if (!begin || !end || *begin > *end) return damaged(who + "has impossible data_offsets", source);
  entry.begin = *begin;
  entry.end = *end;
  const auto bytes = byte_count(entry.shape, entry.type);
  if (!bytes || *bytes != entry.end - entry.begin) {
    return damaged(who + "has a shape that does not match its data_offsets", source);
  }
  return entry;
}

/// `text` is the JSON header alone.
Result<Header> header_from_text(std::string_view text, const std::string& source) {
  const Result<Json> json = parse_json(text, source, kMaxHeaderBytes);
  if (!json) return json.error();
  if (!json->is_object()) return damaged("the header is not a JSON object", source);
  if (json->size() > kMaxTensors) return damaged("the header names too many tensors", source);
  Header header;
  for (const auto& [name, value] : json->items()) {
    if (name == "__metadata__") {
      if (!value.is_object()) return damaged("__metadata__ is not an object", source);
      for (const auto& [key, note] : value.items()) {
        if (!note.is_string()) return damaged("__metadata__ holds something other than texts", source);
        header.metadata[key] = note.get<std::string>();
      }
      continue;
    }
    Result<Entry> entry = entry_from_json(name, value, source);
    if (!entry) return entry.error();
    header.entries.push_back(std::move(*entry));
  }
  std::sort(header.entries.begin(), header.entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  for (const Entry& entry : header.entries) {
    if (entry.begin < header.data_bytes) return damaged("tensors overlap", source);
    if (entry.begin > header.data_bytes) return damaged("there is a hole between tensors", source);
    header.data_bytes = entry.end;
  }
  return header;
}

/// `first_bytes`: at least the first 8 bytes of a file of `file_bytes`.
Result<std::uint64_t> header_length(std::string_view first_bytes, std::uint64_t file_bytes,
                                    const std::string& source) {
  if (first_bytes.size() < 8 || file_bytes < 8) return damaged("it is shorter than 8 bytes", source);
  std::uint64_t length = 0;
  std::memcpy(&length, first_bytes.data(), 8);
  if (length > kMaxHeaderBytes) return damaged("its header is too long", source);
  if (length > file_bytes - 8) return damaged("it ends inside its header", source);
  return length;
}

/// Fills `into` from there on; false if there is less.
bool read_at(const OrdinaryFile& file, std::uint64_t at, std::string& into) {
  std::size_t used = 0;
  while (used < into.size()) {
    const ssize_t count =
        ::pread(file.descriptor.get(), into.data() + used, into.size() - used, static_cast<off_t>(at + used));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    used += static_cast<std::size_t>(count);
  }
  return true;
}

Status check_length(const Header& header, std::uint64_t data_bytes, const std::string& source) {
  if (data_bytes < header.data_bytes) return damaged("it ends inside its data", source);
  if (data_bytes > header.data_bytes) return damaged("something follows its data", source);
  return {};
}

}  // namespace

std::string bytes_from_tensor_file(const TensorFile& file) {
  std::vector<std::map<std::string, StoredTensor>::const_iterator> order;
  for (auto it = file.tensors.begin(); it != file.tensors.end(); ++it) order.push_back(it);
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return row_of(a->second.type).size >
           row_of(b->second.type).size;  // each starts at a multiple of its own size
  });

  Json header = Json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::uint64_t offset = 0;
  for (const auto& it : order) {
    const StoredTensor& tensor = it->second;
    // Straight onto the vector below: ordered_map's own insertion looks through all keys, and a map has none
    // twice.
    header.get_ref<Json::object_t&>().emplace_back(
        it->first, Json{{"dtype", row_of(tensor.type).name},
                        {"shape", tensor.shape},
                        {"data_offsets", {offset, offset + tensor.bytes.size()}}});
    offset += tensor.bytes.size();
  }
  std::string text = text_from_json(header);
  text.append((8 - text.size() % 8) % 8, ' ');

  std::string bytes(8, '\0');
  const std::uint64_t length = text.size();
  std::memcpy(bytes.data(), &length, 8);
  bytes.reserve(8 + length + offset);
  bytes += text;
  for (const auto& it : order) {
    bytes.append(reinterpret_cast<const char*>(it->second.bytes.data()), it->second.bytes.size());
  }
  return bytes;
}

Result<TensorFile> tensor_file_from_bytes(std::string_view bytes, const std::string& source) {
  const Result<std::uint64_t> length = header_length(bytes, bytes.size(), source);
  if (!length) return length.error();
  Result<Header> header = header_from_text(bytes.substr(8, *length), source);
  if (!header) return header.error();
  const std::string_view data = bytes.substr(8 + *length);
  if (Status fits = check_length(*header, data.size(), source); !fits) return fits.error();

  TensorFile file;
  file.metadata = std::move(header->metadata);
  for (Entry& entry : header->entries) {
    StoredTensor tensor;
    tensor.type = entry.type;
    tensor.shape = std::move(entry.shape);
    tensor.bytes.assign(data.begin() + static_cast<std::ptrdiff_t>(entry.begin),
                        data.begin() + static_cast<std::ptrdiff_t>(entry.end));
    file.tensors.emplace(std::move(entry.name), std::move(tensor));
  }
  return file;
}

Status write_tensor_file(const std::string& path, const TensorFile& file) {
  for (const auto& [name, tensor] : file.tensors) {
    const auto bytes = byte_count(tensor.shape, tensor.type);
    if (name == "__metadata__" || !bytes || *bytes != tensor.bytes.size()) {
      std::string text = "cannot write tensor '";
      text.append(name).append("': its shape does not match its data: ").append(path);
      return failure(std::move(text));
    }
  }
  return write_file_atomic(path, bytes_from_tensor_file(file));
}

Result<TensorFile> read_tensor_file(const std::string& path) {
  const Result<std::string> bytes = read_file(path, kMaxFileBytes);
  if (!bytes) return bytes.error();
  return tensor_file_from_bytes(*bytes, path);
}

Result<TensorFileHead> read_tensor_file_head(const OrdinaryFile& file, std::uint64_t most_header_bytes,
                                             const std::string& path) {
  std::string text(8, '\0');
  if (!read_at(file, 0, text)) return damaged("it is shorter than 8 bytes", path);
  const Result<std::uint64_t> length = header_length(text, file.bytes, path);
  if (!length) return length.error();
  if (*length > most_header_bytes) return damaged("its header is too long", path);
  text.resize(*length);
  if (!read_at(file, 8, text)) return damaged("it ends inside its header", path);
  Result<Header> header = header_from_text(text, path);
  if (!header) return header.error();
  if (Status fits = check_length(*header, file.bytes - 8 - *length, path); !fits) return fits.error();
  return TensorFileHead{std::move(header->metadata), *length};
}

Result<std::uint64_t> check_tensor_file(const OrdinaryFile& file, std::uint64_t most_header_bytes,
                                        const std::string& path) {
  const auto head = read_tensor_file_head(file, most_header_bytes, path);
  return head ? Result<std::uint64_t>(head->header_bytes) : Result<std::uint64_t>(head.error());
}

Status check_tensor_file(const std::string& path) {
  const auto file = open_ordinary_file(path);
  if (!file) return file.error();
  const auto checked = check_tensor_file(*file, kMaxHeaderBytes, path);
  return checked ? Status() : Status(checked.error());
}

}  // namespace grokscope
