// Going on with a run: what lies behind its last checkpoint is taken back, so that it can be made again.
#include "history/run_continue.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "history/interventions.h"
#include "history/run_files.h"
#include "history/run_folder_mend.h"
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

Status rewrite(const RunFiles& files, const std::string& name, std::uint64_t limit_bytes,
               const std::function<bool(std::string_view)>& keep, const std::string& behind = "") {
  const Result<std::string> text = files.read_lines_if_there(name, limit_bytes, kMaxLineBytes);
  if (!text) return text.error();
  const std::string kept = kept_lines(*text, keep) + behind;
  return kept == *text ? Status() : files.write(name, kept);
}

/// Frames of looks behind the checkpoint.
Status remove_later_frames(const RunFiles& files, std::int64_t step) {
  const auto probes = files.names_in("frames");
  if (!probes) return probes.error();
  for (const std::string& probe : *probes) {
    const std::string folder = "frames/" + probe;
    const auto names = files.names_in(folder);
    if (!names) continue;  // no folder
    for (const auto& [frame_step, name] : step_names(*names)) {
      const std::filesystem::path file = std::filesystem::path(files.path_of(folder)) / name;
      std::error_code ignored;  // then there is an old picture until the training has come there again
      if (frame_step > step) std::filesystem::remove(file, ignored);
    }
  }
  return {};
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

/// The record as it was when the checkpoint was taken; `before`: as it is.
Status take_back(const std::string& path, const History& before, std::int64_t step) {
  const auto files = RunFiles::open(path);
  if (!files) return files.error();
  if (Status done = rewrite(
          *files, "events.jsonl", kMaxEventsBytes,
          [&](std::string_view line) {
            const auto event = event_from_line(line, "events.jsonl");
            return event && comes_before(*event, step);
          },
          resumption(before, step));
      !done)
    return done;
  if (Status done = rewrite(*files, "scalars.jsonl", kMaxScalarsBytes,
                            [&](std::string_view line) {
                              const auto look = scalars_from_line(line, "scalars.jsonl");
                              return look && look->step <= step;
                            });
      !done)
    return done;
  if (Status done = remove_later_frames(*files, step); !done) return done;
  // Last: a run whose other files could not be written has all its numbers.
  return rewrite(*files, "metrics.jsonl", kMaxMetricsBytes, [&](std::string_view line) {
    const auto evaluation = evaluation_from_line(line, "metrics.jsonl");
    return evaluation && evaluation->step < step;
  });
}

std::int64_t end_of(const RunConfig& config, std::int64_t step, std::int64_t wanted) {
  if (wanted > 0) return wanted;
  return step < config.train.steps ? config.train.steps
                                   : step + std::max<std::int64_t>(config.train.steps, 1);
}

}  // namespace

Result<ContinuedRun> continue_run(const std::string& path, std::int64_t last_step) {
  const auto mended = mend_run(path);
  if (!mended) return mended.error();
  const Result<OpenedRun> before = open_run(path, false);
  if (!before) return before.error();
  if (before->checkpoint_steps.empty())
    return failure("the run kept no weights to go on from; start it again from its first step: " + path);
  const std::int64_t step = before->checkpoint_steps.back();
  RunConfig config = before->history.config();
  const std::int64_t end = end_of(config, step, last_step);
  if (end <= step) {
    return usage_error("the run has come to step " + std::to_string(step) +
                       " already; choose a later end: " + path);
  }
  if (Status set = set_field(config, "train.steps", end); !set) return set.error();
  Result<TensorFile> checkpoint = read_checkpoint(path, step);
  if (!checkpoint) return checkpoint.error();
  if (Status written =
          write_run_file(path, "config.json", text_from_config_file({config, before->provenance}));
      !written)
    return written.error();
  if (Status taken_back = take_back(path, before->history, step); !taken_back) return taken_back.error();
  Result<OpenedRun> run = open_run(path, false);
  if (!run) return run.error();
  ContinuedRun continued{std::move(*run), std::move(*checkpoint), step, {}};
  continued.run.repairs.insert(continued.run.repairs.begin(), mended->begin(), mended->end());
  for (const Event& event : continued.run.history.events()) {
    const auto name = event.detail.find("name");
    if (event.kind == "milestone" && name != event.detail.end() && name->is_string())
      continued.milestones.push_back(name->get<std::string>());
  }
  return continued;
}

}  // namespace grokscope
