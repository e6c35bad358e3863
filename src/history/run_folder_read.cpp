// Opening a run folder: nothing in it is believed. Checkpoints are only looked at, never loaded, here.
#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/files.h"
#include "history/frame_file.h"
#include "history/run_folder.h"
#include "history/run_text.h"
#include "history/step_files.h"

namespace grokscope {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{1} << 20;
constexpr std::uint64_t kMaxFactsBytes = std::uint64_t{64} << 10;
constexpr std::uint64_t kMaxLinesBytes = std::uint64_t{2} << 30;
constexpr std::uint64_t kMaxFrameBytes = std::uint64_t{64} << 20;
constexpr std::size_t kMaxProbes = 64;

/// The text of a file that may be missing: a run killed early has none.
Result<std::string> read_if_there(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error) && !error) return std::string();
  return read_file(path, kMaxLinesBytes);
}

template <typename T>
Status mend(const Lines<T>& lines, std::size_t file_bytes, const std::string& path, bool repair,
            std::vector<std::string>& repairs) {
  if (lines.repair.empty()) return {};
  repairs.push_back(lines.repair);
  if (!repair || lines.valid_bytes == file_bytes) return {};
  std::error_code error;
  fs::resize_file(path, lines.valid_bytes, error);
  if (error) return failure("cannot repair the last line of the file: " + error.message() + ": " + path);
  return {};
}

Result<Frame> read_frame(const std::string& path, const std::string& probe, std::int64_t step) {
  const Result<std::string> bytes = read_file(path, kMaxFrameBytes);
  if (!bytes) return bytes.error();
  const Result<TensorFile> file = tensor_file_from_bytes(*bytes, path);
  if (!file) return file.error();
  Result<Frame> frame = frame_from_tensor_file(*file, path);
  if (frame && (frame->probe != probe || frame->step != step)) {
    return failure("damaged frame: its probe or step is not that of its name: " + path);
  }
  return frame;
}

void read_frames(const std::string& run_path, History& history, std::vector<std::string>& repairs) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator it(run_path + "/frames", error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored) && is_probe_name(it->path().filename().string()))
      folders.push_back(it->path());
  }
  std::sort(folders.begin(), folders.end());
  if (folders.size() > kMaxProbes) folders.resize(kMaxProbes);
  for (const fs::path& folder : folders) {
    for (const auto& [step, path] :
         thinned_in_log_step(step_files(folder.string()), History::kFramesPerProbe)) {
      Result<Frame> frame = read_frame(path, folder.filename().string(), step);
      if (frame) {
        history.append(std::make_shared<const Frame>(std::move(*frame)));
      } else {
        repairs.push_back("left out a frame: " + frame.error().message);
      }
    }
  }
}

/// What facts.json says; without it, or when it is damaged, what the settings and config.json tell.
RunFacts read_facts(const std::string& run_path, const ConfigFile& config,
                    std::vector<std::string>& repairs) {
  RunFacts facts = facts_from_settings(config.config);
  facts.device = config.made_by.device;
  facts.torch_version = config.made_by.torch_version;
  facts.blas = config.made_by.blas;
  facts.engine = config.made_by.engine;
  facts.threads = config.made_by.threads;
  const std::string path = run_path + "/facts.json";
  std::error_code error;
  if (!fs::exists(fs::symlink_status(path, error))) return facts;  // a run of an earlier version
  const Result<std::string> text = read_file(path, kMaxFactsBytes);
  Result<RunFacts> read = text ? facts_from_text(*text, path) : Result<RunFacts>(text.error());
  if (read) return std::move(*read);
  repairs.push_back("left out the facts of the run: " + read.error().message);
  return facts;
}

}  // namespace

std::string checkpoint_path(const std::string& run_path, std::int64_t step) {
  return run_path + "/checkpoints/" + step_file_name(step);
}

std::vector<std::int64_t> complete_checkpoints(const std::string& run_path, std::vector<std::string>* notes) {
  std::vector<std::int64_t> steps;
  for (const auto& [step, path] : step_files(run_path + "/checkpoints")) {
    const Status complete = check_tensor_file(path);
    if (complete) {
      steps.push_back(step);
    } else if (notes != nullptr) {
      notes->push_back("left out a checkpoint: " + complete.error().message);
    }
  }
  return steps;
}

Result<OpenedRun> open_run(const std::string& path, bool repair) {
  std::error_code error;
  const std::string config_path = path + "/config.json";
  if (!fs::is_directory(path, error))
    return usage_error("cannot open the run: there is no such folder: " + path);
  if (!fs::exists(config_path, error)) {
    return usage_error("cannot open the run: the folder holds no config.json: " + path);
  }
  const Result<std::string> config_text = read_file(config_path, kMaxConfigBytes);
  if (!config_text) return config_text.error();
  Result<ConfigFile> config = config_file_from_text(*config_text, config_path);
  if (!config) return failure("damaged config.json: " + config.error().message);

  const std::string metrics_path = path + "/metrics.jsonl", events_path = path + "/events.jsonl";
  const Result<std::string> metrics_text = read_if_there(metrics_path);
  if (!metrics_text) return metrics_text.error();
  const Result<Lines<Evaluation>> metrics = metrics_from_text(*metrics_text, metrics_path);
  if (!metrics) return metrics.error();
  const Result<std::string> events_text = read_if_there(events_path);
  if (!events_text) return events_text.error();
  Result<Lines<Event>> events = events_from_text(*events_text, events_path);
  if (!events) return events.error();

  std::vector<std::string> notes;
  RunFacts facts = read_facts(path, *config, notes);
  OpenedRun run{History(std::move(config->config)), std::move(config->made_by), std::move(notes), {}};
  run.history.learn(std::move(facts));
  // Both files are known to be good by now: an error leaves the disk as it was.
  if (Status mended = mend(*metrics, metrics_text->size(), metrics_path, repair, run.repairs); !mended) {
    return mended.error();
  }
  if (Status mended = mend(*events, events_text->size(), events_path, repair, run.repairs); !mended) {
    return mended.error();
  }
  // Events first: phases look at what changed the task before the evaluations that show it.
  for (Event& event : events->values) run.history.append(std::move(event));
  run.history.append(std::span<const Evaluation>(metrics->values));
  read_frames(path, run.history, run.repairs);
  run.checkpoint_steps = complete_checkpoints(path, &run.repairs);
  return run;
}

Result<TensorFile> read_checkpoint(const std::string& run_path, std::int64_t step) {
  const std::string path = checkpoint_path(run_path, step);
  std::error_code error;
  if (step < 0 || !fs::exists(path, error)) {
    return failure("the run has no checkpoint of step " + std::to_string(step) + ": " + path);
  }
  return read_tensor_file(path);
}

}  // namespace grokscope
