// Gzip as a stream, with zlib: see gzip.h.
#include "data/formats/gzip.h"

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

namespace grokscope {
namespace {

constexpr int kGzipWindow = 16 + MAX_WBITS;  // 16: a gzip header and its checksum are required
constexpr std::size_t kPackedChunk = 1u << 16;
constexpr std::size_t kMostInOneCall = 1u << 30;  // zlib counts in unsigned int

}  // namespace

ByteSource source_of(std::string_view bytes) {
  return [bytes](std::span<char> out) mutable -> Result<std::size_t> {
    const std::size_t count = std::min(bytes.size(), out.size());
    std::copy_n(bytes.begin(), count, out.begin());
    bytes.remove_prefix(count);
    return count;
  };
}

ByteSource source_of(OrdinaryFile file, std::string path) {
  const auto shared = std::make_shared<OrdinaryFile>(std::move(file));  // a std::function must be copyable
  return [shared, path = std::move(path)](std::span<char> out) -> Result<std::size_t> {
    std::size_t filled = 0;
    while (filled < out.size()) {
      const ssize_t count = ::read(shared->descriptor.get(), out.data() + filled, out.size() - filled);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        return failure(
            fmt::format("cannot read the file: {}: {}", std::generic_category().message(errno), path));
      }
      if (count == 0) break;
      filled += static_cast<std::size_t>(count);
    }
    return filled;
  };
}

class GzipReader::Inflater {
 public:
  Inflater(ByteSource packed, std::string_view source) : packed_(std::move(packed)), source_(source) {}
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (state_ == State::member) inflateEnd(&stream_);
  }

  Result<std::size_t> read(std::span<char> out) {
    std::size_t filled = 0;
    while (filled < out.size() && state_ != State::end) {
      const auto count = read_some(out.subspan(filled));
      if (!count) return count.error();
      filled += *count;
    }
    return filled;
  }

 private:
  enum class State { start, plain, member, between, end };

  Result<std::size_t> read_some(std::span<char> out) {
    if (state_ == State::start || state_ == State::between) {
      if (Status status = begin_member(); !status) return status.error();
      return std::size_t{0};
    }
    return state_ == State::plain ? read_plain(out) : inflate_some(out);
  }

  /// Makes sure that `bytes` of input are there, unless the file ends before.
  Status fill(std::size_t bytes) {
    if (stream_.avail_in >= bytes || input_ended_) return {};
    std::memmove(input_.data(), stream_.next_in, stream_.avail_in);
    const auto more = packed_(std::span(input_).subspan(stream_.avail_in));
    if (!more) return more.error();
    input_ended_ = *more < input_.size() - stream_.avail_in;
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in += static_cast<uInt>(*more);
    return {};
  }

  void skip_zeros() {
    while (stream_.avail_in > 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
  }

  /// At the start of the file or after a member: another one, plain bytes, or the end.
  Status begin_member() {
    const bool first = state_ == State::start;
    if (first) stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    do {
      if (!first) skip_zeros();
      if (Status status = fill(2); !status) return status;
    } while (!first && stream_.avail_in > 0 && *stream_.next_in == 0);
    const bool gzip = stream_.avail_in >= 2 && stream_.next_in[0] == 0x1F && stream_.next_in[1] == 0x8B;
    if (gzip) {
      if (inflateInit2(&stream_, kGzipWindow) != Z_OK) return no_memory();
      state_ = State::member;
      return {};
    }
    if (first) {
      state_ = State::plain;
      return {};
    }
    if (stream_.avail_in > 0) {
      return failure(fmt::format(
          "something that is neither gzip nor zeros follows the end of the gzip file; get a fresh "
          "copy, or unpack it by hand: {}",
          source_));
    }
    state_ = State::end;
    return {};
  }

  Result<std::size_t> read_plain(std::span<char> out) {
    if (Status status = fill(1); !status) return status.error();
    const std::size_t count = std::min<std::size_t>(stream_.avail_in, out.size());
    if (count == 0) state_ = State::end;
    std::memcpy(out.data(), stream_.next_in, count);
    stream_.next_in += count;
    stream_.avail_in -= static_cast<uInt>(count);
    return count;
  }

  Result<std::size_t> inflate_some(std::span<char> out) {
    if (Status status = fill(1); !status) return status.error();
    const std::size_t room = std::min(out.size(), kMostInOneCall);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(room);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    const std::size_t count = room - stream_.avail_out;
    if (code == Z_STREAM_END) {
      inflateEnd(&stream_);
      state_ = State::between;
      return count;
    }
    if (code == Z_MEM_ERROR) return no_memory();
    if (code == Z_BUF_ERROR || (code == Z_OK && count == 0 && stream_.avail_in == 0 && input_ended_)) {
      return failure(
          fmt::format("the gzip file is cut off: it ends too early; get a fresh copy: {}", source_));
    }
    if (code == Z_OK) return count;
    return failure(fmt::format("the gzip file is damaged ({}); get a fresh copy: {}",
                               stream_.msg != nullptr ? stream_.msg : "unknown reason", source_));
  }

  Error no_memory() const {
    return failure(fmt::format("there is not enough memory to unpack the gzip file: {}", source_));
  }

  ByteSource packed_;
  std::string source_;
  z_stream stream_{};
  std::array<char, kPackedChunk> input_;
  bool input_ended_ = false;
  State state_ = State::start;
};

GzipReader::GzipReader(ByteSource packed, std::string_view source)
    : inflater_(std::make_unique<Inflater>(std::move(packed), source)) {}
GzipReader::GzipReader(GzipReader&&) noexcept = default;
GzipReader& GzipReader::operator=(GzipReader&&) noexcept = default;
GzipReader::~GzipReader() = default;

Result<std::size_t> GzipReader::read(std::span<char> out) {
  return inflater_->read(out);
}

}  // namespace grokscope
