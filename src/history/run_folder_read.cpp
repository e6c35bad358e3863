// Opening a run folder: nothing in it is believed. Checkpoints are only looked at, never loaded, here.
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "history/frames_read.h"
#include "history/left_out.h"
#include "history/run_files.h"
#include "history/run_folder.h"
#include "history/run_text.h"
#include "history/step_files.h"

namespace grokscope {

namespace {

constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{1} << 20;
constexpr std::uint64_t kMaxFactsBytes = std::uint64_t{64} << 10;
constexpr std::uint64_t kMaxCheckpointBytes = std::uint64_t{4} << 30;
constexpr std::uint64_t kMaxCheckpointHeaderBytes = std::uint64_t{1} << 20;
/// Of all checkpoints: so much is read while a run is opened.
constexpr std::uint64_t kMaxCheckpointHeadersBytes = std::uint64_t{16} << 20;
/// Names of the numbers of all probes: each is a column of every table that is made of the run.
constexpr std::size_t kMostSeries = 1000;

template <typename T>
Status mend(const RunFiles& files, const Lines<T>& lines, const std::string& name, bool repair,
            std::vector<std::string>& repairs) {
  if (lines.repair.empty()) return {};
  repairs.push_back(lines.repair);
  return repair ? files.cut(name, lines.valid_bytes) : Status();
}

/// The text is gone again when its values are there.
template <typename T>
Result<Lines<T>> read_lines(const RunFiles& files, const std::string& name, std::uint64_t limit_bytes,
                            Result<Lines<T>> (*parse)(std::string_view, const std::string&)) {
  const Result<std::string> text = files.read_lines_if_there(name, limit_bytes, kMaxLineBytes);
  if (!text) return text.error();
  return parse(*text, files.path_of(name));
}

Result<Lines<std::monostate>> read_scalars(const RunFiles& files,
                                           const std::function<Status(const ProbeScalars&)>& keep) {
  const Result<std::string> text =
      files.read_lines_if_there("scalars.jsonl", kMaxScalarsBytes, kMaxLineBytes);
  if (!text) return text.error();
  return read_scalars_text(*text, files.path_of("scalars.jsonl"), keep);
}

/// The names of the numbers that probes gave, as far as they were seen.
class SeriesNames {
 public:
  Status add(const std::string& probe, const std::map<std::string, double>& scalars,
             const std::string& run_path) {
    const std::string prefix = probe + ".";
    for (const auto& [name, value] : scalars) names_.insert(prefix + name);
    if (names_.size() <= kMostSeries) return {};
    return failure("the run names more than " + std::to_string(kMostSeries) +
                   " numbers of probes, more than there are: " + run_path);
  }

 private:
  std::set<std::string> names_;
};

/// The looks of scalars.jsonl on their way into a history. One thread looks, so that they come in order.
class LooksReader {
 public:
  LooksReader(History& history, SeriesNames& names, std::int64_t last_step, const std::string& run_path)
      : history_(history), names_(names), last_step_(last_step), run_path_(run_path) {}

  Status take(const ProbeScalars& look) {
    if (look.step > last_step_) return failure("its step is beyond the end of the run: " + run_path_);
    if (Status few = names_.add(look.probe, look.scalars, run_path_); !few) return few;
    std::int64_t& last = last_of_[look.probe];
    if (look.step < last && ++late_ > kMostLate)
      return failure("the looks of the run are not in the order of their steps: " + run_path_);
    last = std::max(last, look.step);
    history_.append(look);
    return {};
  }

 private:
  static constexpr std::size_t kMostLate = 1000;  // each moves all that come after it

  History& history_;
  SeriesNames& names_;
  const std::int64_t last_step_;
  const std::string& run_path_;
  std::map<std::string, std::int64_t> last_of_;
  std::size_t late_ = 0;
};

/// The numbers of this look are there already: scalars.jsonl had them.
bool is_known(const History& history, const Frame& frame) {
  if (frame.scalars.empty()) return true;  // there is nothing to know
  const Series* series = history.series(frame.probe + "." + frame.scalars.begin()->first);
  if (series == nullptr) return false;
  const std::size_t at = series->latest_at(static_cast<double>(frame.step));
  return at < series->size() && series->at(at).x == static_cast<double>(frame.step);
}

/// No step can lie behind the last that the settings let a run make.
Status check_steps(const std::vector<Evaluation>& evaluations, const std::vector<Event>& events,
                   std::int64_t last_step, const std::string& path) {
  std::int64_t furthest = evaluations.empty() ? 0 : evaluations.back().step;
  for (const Event& event : events) furthest = std::max(furthest, event.step);
  if (furthest <= last_step) return {};
  return failure("the run says that it came to step " + std::to_string(furthest) +
                 ", but its settings end it at step " + std::to_string(last_step) + ": " + path);
}

/// What facts.json says; without it, or when it is damaged, what the settings and config.json tell.
RunFacts read_facts(const RunFiles& files, const ConfigFile& config, std::vector<std::string>& repairs) {
  RunFacts facts = facts_from_settings(config.config);
  facts.device = config.made_by.device;
  facts.torch_version = config.made_by.torch_version;
  facts.blas = config.made_by.blas;
  facts.engine = config.made_by.engine;
  facts.threads = config.made_by.threads;
  const Result<std::string> text = files.read_if_there("facts.json", kMaxFactsBytes);
  if (text && text->empty()) return facts;  // a run of an earlier version
  Result<RunFacts> read =
      text ? facts_from_text(*text, files.path_of("facts.json")) : Result<RunFacts>(text.error());
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
  LeftOut left_out("checkpoint", "checkpoints");
  const auto files = RunFiles::open(run_path);
  const auto names = files ? files->names_in("checkpoints") : Result<std::vector<std::string>>(files.error());
  if (!names) left_out.add(names.error().message);
  auto found = names ? step_names(*names) : std::vector<std::pair<std::int64_t, std::string>>{};
  std::uint64_t header_bytes = 0;
  for (auto it = found.rbegin(); it != found.rend(); ++it) {  // the newest are the ones that are wanted
    const std::string name = "checkpoints/" + it->second, path = files->path_of(name);
    const auto file = files->find(name);
    if (file && !*file) continue;  // removed meanwhile
    const auto checked = !file ? Result<std::uint64_t>(file.error())
                               : check_tensor_file(**file, kMaxCheckpointHeaderBytes, path);
    if (checked && (header_bytes += *checked) <= kMaxCheckpointHeadersBytes) {
      steps.push_back(it->first);
    } else {
      left_out.add(checked ? "there are too many to look at: " + path : checked.error().message);
    }
    if (header_bytes > kMaxCheckpointHeadersBytes) break;
  }
  std::reverse(steps.begin(), steps.end());
  if (notes != nullptr) left_out.tell(*notes);
  return steps;
}

Result<OpenedRun> open_run(const std::string& path, bool repair, RunParts parts) {
  const auto files = RunFiles::open(path);
  if (!files) return files.error();
  const auto config_file = files->find("config.json");
  if (!config_file) return config_file.error();
  if (!*config_file) return usage_error("cannot open the run: the folder holds no config.json: " + path);
  const std::string config_path = files->path_of("config.json");
  const Result<std::string> config_text = read_file(**config_file, kMaxConfigBytes, config_path);
  if (!config_text) return config_text.error();
  Result<ConfigFile> config = config_file_from_text(*config_text, config_path);
  if (!config) return failure("damaged config.json: " + config.error().message);

  const auto metrics = read_lines(*files, "metrics.jsonl", kMaxMetricsBytes, &metrics_from_text);
  if (!metrics) return metrics.error();
  auto events = read_lines(*files, "events.jsonl", kMaxEventsBytes, &events_from_text);
  if (!events) return events.error();
  const std::int64_t last_step = config->config.train.steps;
  if (Status possible = check_steps(metrics->values, events->values, last_step, path); !possible)
    return possible.error();

  std::vector<std::string> notes;
  RunFacts facts = read_facts(*files, *config, notes);
  OpenedRun run{History(std::move(config->config)), std::move(config->made_by), std::move(notes), {}};
  run.history.learn(std::move(facts));
  SeriesNames series;
  LooksReader looks(run.history, series, last_step, path);
  const auto scalars = read_scalars(*files, [&](const ProbeScalars& look) { return looks.take(look); });
  if (!scalars) return scalars.error();
  // All lines are known to be good by now: an error leaves the disk as it was.
  if (Status mended = mend(*files, *metrics, "metrics.jsonl", repair, run.repairs); !mended)
    return mended.error();
  if (Status mended = mend(*files, *events, "events.jsonl", repair, run.repairs); !mended)
    return mended.error();
  if (Status mended = mend(*files, *scalars, "scalars.jsonl", repair, run.repairs); !mended)
    return mended.error();
  // In order: a change of the task that comes before known ones would move them all.
  std::stable_sort(events->values.begin(), events->values.end(),
                   [](const Event& a, const Event& b) { return a.step < b.step; });
  // Events first: phases look at what changed the task before the evaluations that show it.
  for (Event& event : events->values) run.history.append(std::move(event));
  run.history.append(std::span<const Evaluation>(metrics->values));
  if (parts == RunParts::numbers) return run;
  LeftOut frames("frame", "frames");
  const auto keep = [&](FramePtr frame) -> Status {
    Status few = series.add(frame->probe, frame->scalars, path);
    if (!few) return few;
    // A run of an earlier version has its numbers in its frames alone.
    if (is_known(run.history, *frame)) {
      run.history.append_picture(std::move(frame));
    } else {
      run.history.append(std::move(frame));
    }
    return {};
  };
  if (Status read = read_frames(*files, last_step, keep, frames); !read) return read.error();
  frames.tell(run.repairs);
  run.checkpoint_steps = complete_checkpoints(path, &run.repairs);
  return run;
}

Result<TensorFile> read_checkpoint(const std::string& run_path, std::int64_t step) {
  const auto files = RunFiles::open(run_path);
  if (!files) return files.error();
  const std::string name = "checkpoints/" + step_file_name(step), path = files->path_of(name);
  const auto file = files->find(name);
  if (!file) return file.error();
  if (step < 0 || !*file)
    return failure("the run has no checkpoint of step " + std::to_string(step) + ": " + path);
  const Result<std::string> bytes = read_file(**file, kMaxCheckpointBytes, path);
  if (!bytes) return bytes.error();
  return tensor_file_from_bytes(*bytes, path);
}

}  // namespace grokscope
