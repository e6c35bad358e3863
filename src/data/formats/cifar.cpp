// CIFAR-10's binary format: see cifar.h.
#include "data/formats/cifar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/outside_text.h"
#include "base/trimmed.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 6> kBatchNames = {"data_batch_1.bin", "data_batch_2.bin",
                                                    "data_batch_3.bin", "data_batch_4.bin",
                                                    "data_batch_5.bin", "test_batch.bin"};
constexpr const char* kNamesFile = "batches.meta.txt";
constexpr std::uint64_t kLargestBatch = std::uint64_t{512} << 20;  // bytes
constexpr std::uint64_t kLargestNames = 64u << 10;                 // bytes
constexpr std::size_t kLongestName = 64;                           // bytes

std::string file_of(const std::string& folder, const char* name) {
  return (fs::path(folder) / name).string();
}

bool is_there(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Result<OrdinaryFile> open_batch(const std::string& folder, const char* name, const std::string& path) {
  if (is_there(path)) return open_ordinary_file(path);
  return failure(
      fmt::format("the file {} is missing; a folder of pictures in CIFAR-10's binary format has "
                  "data_batch_1.bin to data_batch_5.bin and test_batch.bin: {}",
                  name, folder));
}

Status check_length(std::uint64_t bytes, const std::string& path) {
  if (bytes == 0) return failure("the batch of pictures is empty; get a fresh copy: " + path);
  if (bytes > kLargestBatch) {
    return usage_error(
        fmt::format("the batch of pictures has more than {} MiB; larger ones are not supported: {}",
                    kLargestBatch >> 20, path));
  }
  if (bytes % kCifarRecord == 0) return {};
  return failure(fmt::format(
      "the batch has {} bytes, which are no whole records of {} (a label and {} x {} x {} pixels): "
      "it is cut off or something else; get a fresh copy of CIFAR-10's binary version: {}",
      bytes, kCifarRecord, kCifarChannels, kCifarSide, kCifarSide, path));
}

}  // namespace

bool is_cifar_folder(const std::string& folder) {
  return std::any_of(kBatchNames.begin(), kBatchNames.end(),
                     [&](const char* name) { return is_there(file_of(folder, name)); });
}

Result<CifarReader> CifarReader::open(const std::string& folder) {
  CifarReader reader;
  for (const char* name : kBatchNames) {
    std::string path = file_of(folder, name);
    auto file = open_batch(folder, name, path);
    if (!file) return file.error();
    if (Status length = check_length(file->bytes, path); !length) return length.error();
    const auto records = static_cast<std::int64_t>(file->bytes) / kCifarRecord;
    const bool is_test = reader.batches_.size() + 1 == kBatchNames.size();
    if (!reader.batches_.empty() && !is_test && file->bytes != reader.batches_.front().file.bytes) {
      return failure(
          fmt::format("the batch has {} records, but data_batch_1.bin has {}: training batches have equally "
                      "many; get a fresh copy: {}",
                      records, reader.batches_.front().file.bytes / kCifarRecord, path));
    }
    (is_test ? reader.test_count_ : reader.train_count_) += records;
    reader.batches_.push_back({std::move(path), std::move(*file)});
  }
  if (Status names = reader.read_names(folder); !names) return names.error();
  return reader;
}

Status CifarReader::read_names(const std::string& folder) {
  const std::string path = file_of(folder, kNamesFile);
  if (!is_there(path)) return {};
  const auto text = read_file(path, kLargestNames);
  if (!text) return text.error();
  auto names = cifar_names(*text, path);
  if (!names) return names.error();
  names_ = std::move(*names);
  return {};
}

Status CifarReader::append_to(std::string& pixels, std::vector<std::int64_t>& labels) {
  const std::int64_t label_count = names_.empty() ? kCifarLabels : static_cast<std::int64_t>(names_.size());
  for (const auto& [path, file] : batches_) {
    const auto bytes = read_file(file, kLargestBatch, path);
    if (!bytes) return bytes.error();
    if (bytes->size() != file.bytes)
      return failure("the batch of pictures was cut while it was read; try again: " + path);
    if (Status read = append_cifar_records(*bytes, label_count, path, pixels, labels); !read) return read;
  }
  return {};
}

Status append_cifar_records(std::string_view batch, std::int64_t label_count, const std::string& source,
                            std::string& pixels, std::vector<std::int64_t>& labels) {
  if (Status length = check_length(batch.size(), source); !length) return length;
  for (std::size_t at = 0; at < batch.size(); at += static_cast<std::size_t>(kCifarRecord)) {
    const std::int64_t label = static_cast<unsigned char>(batch[at]);
    if (label >= label_count) {
      return failure(fmt::format(
          "record {} of the batch has the label {}, and labels go from 0 to {}: this is no batch of "
          "CIFAR-10's binary version, or a damaged one; get a fresh copy: {}",
          at / static_cast<std::size_t>(kCifarRecord) + 1, label, label_count - 1, source));
    }
    labels.push_back(label);
    pixels.append(batch.substr(at + 1, static_cast<std::size_t>(kCifarPixels)));
  }
  return {};
}

Result<std::vector<std::string>> cifar_names(std::string_view text, const std::string& source) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view name = trimmed(text.substr(0, end));
    if (name.ends_with('\r')) name = trimmed(name.substr(0, name.size() - 1));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (name.empty()) continue;
    if (name.size() > kLongestName || !is_visible(name)) {
      return usage_error(
          fmt::format("the name {} of a class is not one line of UTF-8 of at most {} bytes: {}",
                      in_quotes(name), kLongestName, source));
    }
    names.emplace_back(name);
  }
  const auto count = static_cast<std::int64_t>(names.size());
  if (count >= 2 && count <= kCifarLabels) return names;
  return usage_error(fmt::format("{} names of classes, one a line, where 2 to {} are needed: {}", count,
                                 kCifarLabels, source));
}

}  // namespace grokscope
