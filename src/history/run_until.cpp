#include "history/run_until.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "history/frames_read.h"
#include "history/run_text.h"
#include "history/scalars_line.h"
#include "history/step_files.h"

namespace grokscope {
namespace {

/// The lines that `keep` wants, byte for byte.
template <typename Keep>
std::string kept_lines(std::string_view text, Keep keep) {
  std::string kept;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (!line.empty() && keep(line)) kept.append(line).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return kept;
}

/// What was asked for at the step of a checkpoint is in the checkpoint; what was found out at that step is
/// found out again.
bool comes_before(const Event& event, std::int64_t step) {
  if (event.step != step) return event.step < step;
  return event.kind != "milestone" && event.kind != "stopped" && event.kind != "note";
}

/// A run that was paused when it ended goes on.
std::string resumption(const History& history, std::int64_t step) {
  bool paused = false;
  for (const Event& event : history.events()) {
    if (!comes_before(event, step)) continue;
    if (event.kind == "pause" || event.kind == "step_once") paused = true;
    if (event.kind == "resume") paused = false;
  }
  return paused ? text_from_json(json_from_event({step, "resume", {}})) + "\n" : "";
}

/// Reads a file of lines and writes those that stay, as it is in another folder or as it is not yet.
struct LineCopies {
  const RunFiles& from;
  const RunFiles& to;

  Status keep(const std::string& name, std::uint64_t limit_bytes,
              const std::function<bool(std::string_view)>& keep, const std::string& behind = "") const {
    const Result<std::string> text = from.read_lines_if_there(name, limit_bytes, kMaxLineBytes);
    if (!text) return text.error();
    const std::string kept = kept_lines(*text, keep) + behind;
    return kept == *text && &from == &to ? Status() : to.write(name, kept);
  }
};

Status keep_events(const LineCopies& lines, const History& before, std::int64_t step) {
  return lines.keep(
      "events.jsonl", kMaxEventsBytes,
      [&](std::string_view line) {
        const auto event = event_from_line(line, "events.jsonl");
        return event && comes_before(*event, step);
      },
      resumption(before, step));
}

Status keep_scalars(const LineCopies& lines, std::int64_t step) {
  return lines.keep("scalars.jsonl", kMaxScalarsBytes, [&](std::string_view line) {
    const auto look = scalars_from_line(line, "scalars.jsonl");
    return look && look->step <= step;
  });
}

/// The one at the step itself is made again.
Status keep_metrics(const LineCopies& lines, std::int64_t step) {
  return lines.keep("metrics.jsonl", kMaxMetricsBytes, [&](std::string_view line) {
    const auto evaluation = evaluation_from_line(line, "metrics.jsonl");
    return evaluation && evaluation->step < step;
  });
}

using OnFrame = std::function<Status(const std::string& name, std::int64_t step)>;

Status each_frame(const RunFiles& run, const OnFrame& on_frame) {
  const auto probes = run.names_in("frames");
  if (!probes) return probes.error();
  for (const std::string& probe : *probes) {
    const auto names = run.names_in("frames/" + probe);
    if (!names) continue;  // no folder
    for (const auto& [step, name] : step_names(*names)) {
      if (Status done = on_frame(fmt::format("frames/{}/{}", probe, name), step); !done) return done;
    }
  }
  return {};
}

/// Frames of looks behind the checkpoint. One that stays is an old picture until the training has come there
/// again.
Status remove_frames_behind(const RunFiles& run, std::int64_t step) {
  return each_frame(run, [&](const std::string& name, std::int64_t at) -> Status {
    std::error_code ignored;
    if (at > step) std::filesystem::remove(run.path_of(name), ignored);
    return {};
  });
}

/// The newest first, and no more than what is shown of a run: of an odd one that could be the whole disk.
Status copy_frames(const RunFiles& run, const RunFiles& copy, std::int64_t step) {
  std::vector<std::pair<std::int64_t, std::string>> frames;
  Status seen = each_frame(run, [&](const std::string& name, std::int64_t at) -> Status {
    if (at <= step) frames.emplace_back(at, name);
    return {};
  });
  if (!seen) return seen;
  std::stable_sort(frames.begin(), frames.end(),
                   [](const auto& one, const auto& other) { return one.first > other.first; });
  std::uint64_t left = kMaxFramesBytes;
  for (const auto& [at, name] : frames) {
    const Result<std::string> bytes = run.read_if_there(name, std::min(kMaxFrameBytes, left));
    if (!bytes) continue;  // damaged, or no room for it: left out, as when it is shown
    left -= bytes->size();
    if (Status written = copy.write(name, *bytes); !written) return written;
  }
  return {};
}

}  // namespace

std::int64_t end_of_run(const RunConfig& config, std::int64_t step, std::int64_t wanted) {
  if (wanted > 0) return wanted;
  return step < config.train.steps ? config.train.steps
                                   : step + std::max<std::int64_t>(config.train.steps, 1);
}

// The numbers last: a run whose other files could not be written has all of them.

Status take_back(const RunFiles& run, const History& before, std::int64_t step) {
  const LineCopies lines{run, run};
  if (Status done = keep_events(lines, before, step); !done) return done;
  if (Status done = keep_scalars(lines, step); !done) return done;
  if (Status done = remove_frames_behind(run, step); !done) return done;
  return keep_metrics(lines, step);
}

Status copy_until(const RunFiles& run, const RunFiles& copy, const History& before, std::int64_t step) {
  const LineCopies lines{run, copy};
  if (Status done = keep_events(lines, before, step); !done) return done;
  if (Status done = keep_scalars(lines, step); !done) return done;
  if (Status done = copy_frames(run, copy, step); !done) return done;
  return keep_metrics(lines, step);
}

Result<ContinuedRun> continued_at(const std::string& path, std::int64_t step, TensorFile checkpoint) {
  Result<OpenedRun> run = open_run(path, false);
  if (!run) return run.error();
  ContinuedRun continued{std::move(*run), std::move(checkpoint), step, {}};
  for (const Event& event : continued.run.history.events()) {
    const auto name = event.detail.find("name");
    if (event.kind == "milestone" && name != event.detail.end() && name->is_string())
      continued.milestones.push_back(name->get<std::string>());
  }
  return continued;
}

}  // namespace grokscope
