// IDX: see idx.h.
#include "data/formats/idx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "data/formats/known_kind.h"

namespace grokscope {
namespace {

constexpr unsigned kUnsignedBytes = 0x08;
constexpr std::size_t kMostDimensions = 3;
constexpr std::uint64_t kUnpackStep = 1u << 20;

std::uint32_t big_endian_at(std::string_view bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
  return value;
}

Error not_idx(std::string_view why, std::string_view source) {
  return usage_error(fmt::format(
      "this is not an IDX file of unsigned bytes ({}); choose the files of MNIST's format: {}", why, source));
}

Error wrong_dimensions(unsigned found, std::size_t wanted, std::string_view source) {
  const auto kind = [](std::size_t count) {
    return count == 3 ? " (images)" : count == 1 ? " (labels)" : "";
  };
  return usage_error(
      fmt::format("the IDX file has {} dimensions{} where {}{} are needed; check which file is which: {}",
                  found, kind(found), wanted, kind(wanted), source));
}

}  // namespace

Result<IdxReader> IdxReader::open(ByteSource content, std::size_t dimensions, std::string_view source) {
  IdxReader reader(GzipReader(std::move(content), source), source);
  if (Status status = reader.read_header(dimensions); !status) return status.error();
  return reader;
}

Status IdxReader::read_header(std::size_t dimensions) {
  std::array<char, 4 + 4 * kMostDimensions> buffer{};
  const auto found = reader_.read(std::span(buffer).first(4 + 4 * dimensions));
  if (!found) return found.error();
  const std::string_view start(buffer.data(), *found);
  if (const std::string_view kind = known_kind(start); !kind.empty()) {
    return not_idx(fmt::format("it is {}", kind), source_);
  }
  if (start.size() < 4) return not_idx(fmt::format("it has {} bytes", start.size()), source_);
  const std::uint32_t magic = big_endian_at(start, 0);
  if (magic >> 16 != 0 || (magic >> 8 & 0xFF) != kUnsignedBytes) {
    return not_idx(fmt::format("it begins with 0x{:08x}", magic), source_);
  }
  if ((magic & 0xFF) != dimensions) return wrong_dimensions(magic & 0xFF, dimensions, source_);
  if (start.size() < 4 + 4 * dimensions) {
    return failure(fmt::format("the IDX file ends within its header; get a fresh copy: {}", source_));
  }
  for (std::size_t i = 0; i < dimensions; ++i) {
    const std::uint32_t size = big_endian_at(start, 4 + 4 * i);
    if (size == 0)
      return usage_error(fmt::format("the IDX file is empty (size {} is 0): {}", i + 1, source_));
    sizes_.push_back(size);
    payload_bytes_ *= size;  // at most 2^29 * 2^32
    if (payload_bytes_ > kIdxLimit) {
      return usage_error(
          fmt::format("the IDX file announces more than {} MiB; larger sets are not supported: {}",
                      kIdxLimit >> 20, source_));
    }
  }
  return {};
}

Status IdxReader::append_to(std::string& out) {
  std::uint64_t left = payload_bytes_;
  while (left > 0) {
    const std::size_t before = out.size();
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(left, kUnpackStep));
    out.resize(before + step);
    const auto found = reader_.read(std::span(out).subspan(before));
    if (!found) return found.error();
    left -= *found;
    if (*found == step) continue;
    return failure(fmt::format("the IDX file is cut off: it has {} of {} bytes; get a fresh copy: {}",
                               payload_bytes_ - left, payload_bytes_, source_));
  }
  char beyond = 0;
  const auto more = reader_.read(std::span(&beyond, 1));  // the checksum stands at the end
  if (!more) return more.error();
  if (*more == 0) return {};
  return failure(fmt::format("the IDX file has more than the {} bytes it announces; get a fresh copy: {}",
                             payload_bytes_, source_));
}

Result<IdxArray> idx_from_bytes(std::string_view content, std::size_t dimensions, std::string_view source) {
  auto reader = IdxReader::open(source_of(content), dimensions, source);
  if (!reader) return reader.error();
  IdxArray array{.sizes = reader->sizes(), .bytes = {}};
  if (Status status = reader->append_to(array.bytes); !status) return status.error();
  return array;
}

}  // namespace grokscope
