// The frames of a run folder, as many as fit into a bound on the bytes of all of them together: what a folder
// claims is weighed before it is read. Untrusted input. Any thread.
#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "history/frame.h"
#include "history/left_out.h"
#include "history/run_files.h"

namespace grokscope {

/// Of one frame file; its header (names, shapes, numbers, texts) may take 1 MiB of it.
constexpr std::uint64_t kMaxFrameBytes = std::uint64_t{64} << 20;
constexpr std::uint64_t kMaxFrameHeaderBytes = std::uint64_t{1} << 20;
/// Of all frames that are read, a byte of a header counted sixteen times: that is what it takes in memory.
constexpr std::uint64_t kMaxFramesBytes = std::uint64_t{128} << 20;
constexpr std::size_t kMaxProbes = 64;

/// Hands over the frames probe by probe, ascending in step, thinned evenly in log step where a probe has more
/// than History keeps or its share of the bytes holds; the newest stays longest. Damaged ones and those
/// beyond `last_step` are left out and told. An error: something is no ordinary file or folder, too many
/// probes, or `keep` fails.
Status read_frames(const RunFiles& files, std::int64_t last_step, const std::function<Status(FramePtr)>& keep,
                   LeftOut& left_out);

}  // namespace grokscope
