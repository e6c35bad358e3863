#include "history/frames_read.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "history/frame_file.h"
#include "history/history.h"
#include "history/safetensors.h"
#include "history/step_files.h"

namespace grokscope {
namespace {

constexpr std::uint64_t kHeaderWeight = 16;

struct Candidate {
  std::int64_t step = 0;
  std::string name;         // "frames/fourier/step_00000010.safetensors"
  std::uint64_t bytes = 0;  // what it takes, header weighed
};

struct ProbeFolder {
  std::string probe;
  std::vector<Candidate> frames;  // ascending in step
  std::uint64_t bytes() const {
    return std::accumulate(frames.begin(), frames.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Candidate& frame) { return sum + frame.bytes; });
  }
};

/// What a frame takes, from its length and the first eight bytes.
Result<std::uint64_t> weigh(const OrdinaryFile& file, const std::string& path) {
  if (file.bytes > kMaxFrameBytes) {
    return failure("damaged frame: it is larger than the limit of " + std::to_string(kMaxFrameBytes) +
                   " bytes: " + path);
  }
  std::uint64_t header = 0;
  if (::pread(file.descriptor.get(), &header, sizeof header, 0) != sizeof header || header > file.bytes)
    return failure("damaged frame: it ends inside its header: " + path);
  if (header > kMaxFrameHeaderBytes) return failure("damaged frame: its header is too long: " + path);
  return file.bytes + (kHeaderWeight - 1) * header;
}

Result<ProbeFolder> look_into(const RunFiles& files, const std::string& probe, LeftOut& left_out) {
  const std::string folder = "frames/" + probe, below = folder + "/";
  const auto names = files.names_in(folder);
  if (!names) return names.error();
  ProbeFolder found{probe, {}};
  for (auto& [step, file_name] : thinned_in_log_step(step_names(*names), History::kFramesPerProbe)) {
    const std::string name = below + file_name;
    const auto file = files.find(name);
    if (!file) return file.error();
    if (!*file) continue;  // removed meanwhile
    const auto bytes = weigh(**file, files.path_of(name));
    if (bytes) {
      found.frames.push_back({step, name, *bytes});
    } else {
      left_out.add(bytes.error().message);
    }
  }
  return found;
}

/// The newest and as many others, evenly spread, as fit.
void fit(ProbeFolder& folder, std::uint64_t share, LeftOut& left_out, const RunFiles& files) {
  std::vector<Candidate>& frames = folder.frames;
  while (!frames.empty() && folder.bytes() > share) {
    const Candidate oldest = frames.front();
    std::vector<Candidate> kept;
    for (std::size_t i = frames.size() % 2 == 0 ? 1 : 0; i < frames.size(); i += 2)
      kept.push_back(std::move(frames[i]));
    if (frames.size() == 1) kept.clear();
    frames = std::move(kept);
    if (frames.empty())
      left_out.add("the frames of the run take more than " + std::to_string(kMaxFramesBytes >> 20) +
                   " MB in all: " + files.path_of(oldest.name));
  }
}

Result<Frame> read_frame(const RunFiles& files, const Candidate& wanted, const std::string& probe) {
  const std::string path = files.path_of(wanted.name);
  const auto bytes = files.read_if_there(wanted.name, kMaxFrameBytes);
  if (!bytes) return bytes.error();
  const auto file = tensor_file_from_bytes(*bytes, path);
  if (!file) return file.error();
  auto frame = frame_from_tensor_file(*file, path);
  if (frame && (frame->probe != probe || frame->step != wanted.step))
    return failure("damaged frame: its probe or step is not that of its name: " + path);
  return frame;
}

Result<std::vector<ProbeFolder>> look_around(const RunFiles& files, LeftOut& left_out) {
  const auto names = files.names_in("frames");
  if (!names) return names.error();
  std::vector<ProbeFolder> folders;
  for (const std::string& name : *names) {
    if (!is_probe_name(name)) continue;
    if (folders.size() == kMaxProbes) {
      return failure("the run has frames of more than " + std::to_string(kMaxProbes) +
                     " probes, more than there are: " + files.path_of("frames"));
    }
    auto folder = look_into(files, name, left_out);
    if (!folder) return folder.error();
    folders.push_back(std::move(*folder));
  }
  return folders;
}

}  // namespace

Status read_frames(const RunFiles& files, std::int64_t last_step, const std::function<Status(FramePtr)>& keep,
                   LeftOut& left_out) {
  auto folders = look_around(files, left_out);
  if (!folders) return folders.error();
  // Who takes little leaves its share to the others.
  std::sort(folders->begin(), folders->end(),
            [](const ProbeFolder& a, const ProbeFolder& b) { return a.bytes() < b.bytes(); });
  std::uint64_t left = kMaxFramesBytes;
  for (std::size_t i = 0; i < folders->size(); ++i) {
    ProbeFolder& folder = (*folders)[i];
    fit(folder, left / (folders->size() - i), left_out, files);
    left -= folder.bytes();
    for (const Candidate& candidate : folder.frames) {
      if (candidate.step > last_step) {
        left_out.add("its step is beyond the end of the run: " + files.path_of(candidate.name));
        continue;
      }
      auto frame = read_frame(files, candidate, folder.probe);
      if (!frame) {
        left_out.add(frame.error().message);
        continue;
      }
      if (Status kept = keep(std::make_shared<const Frame>(std::move(*frame))); !kept) return kept;
    }
  }
  return {};
}

}  // namespace grokscope
