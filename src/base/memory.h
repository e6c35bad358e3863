// Memory: how much there is to take, asked before much is taken. Not who takes it. Any thread.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "base/result.h"

namespace grokscope {

/// What can be taken now without pushing anything out: what the system calls available, within the limits of
/// the process (RLIMIT_AS), of its control group and of every one above it (containers). The largest number
/// where nothing tells. `root` stands before /proc and /sys, for tests.
std::uint64_t available_memory_bytes(const std::string& root = "");

/// "1.6 GB", "52 MB": for people, decimal.
std::string text_of_bytes(std::uint64_t bytes);

/// An error when `needed` is more than `available`: "`what` needs 5.2 GB of memory, but only 1.9 GB are free;
/// `advice`".
Status memory_suffices(std::string_view what, std::uint64_t needed, std::string_view advice,
                       std::uint64_t available = available_memory_bytes());

/// An error where the system would not give `needed` bytes of addresses in one piece, touched or not (ulimit
/// -v, strict overcommit): "`what` needs room for 409 MB in memory, and the system gives less (ulimit -v);
/// `advice`". For libraries that wait for ever when an allocation fails.
Status address_space_suffices(std::string_view what, std::uint64_t needed, std::string_view advice);

/// Whether an allocation failed: std::bad_alloc, or what LibTorch throws then.
bool is_out_of_memory(const std::exception& error);

/// The first line of what an exception says; of a failed allocation, in plain words, that and what helps,
/// never the allocator's own words.
std::string reason_of(const std::exception& error);

}  // namespace grokscope
