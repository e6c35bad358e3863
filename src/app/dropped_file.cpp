#include "app/dropped_file.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <utility>

#include "app/shown_sweep.h"
#include "base/home_path.h"
#include "base/json_text.h"
#include "base/read_file.h"
#include "config/config_json.h"
#include "config/presets.h"
#include "export/png.h"
#include "history/step_files.h"
#include "sweep/plan_json.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestSnapshot = 256u << 20, kLargestPicture = 64u << 20, kLargestTable = 64u << 20;

constexpr const char* kOpens =
    "Grokscope opens run folders, settings (.json), sweeps and their plans, its own pictures and tables "
    "(.csv)";

std::string lower_ending(const fs::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return ending;
}

bool is_run_folder(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "config.json", ignored) && fs::exists(folder / "metrics.jsonl", ignored);
}

/// The run folder in which a file of a run lies, at most `above` folders higher; "" if in none.
std::string run_around(const fs::path& file, int above) {
  fs::path folder = file.parent_path();
  for (int i = 0; i < above; ++i, folder = folder.parent_path()) {
    if (is_run_folder(folder.empty() ? fs::path(".") : folder)) return folder.empty() ? "." : folder.string();
  }
  return {};
}

Result<DroppedFile> read_run(const std::string& path, std::optional<std::int64_t> step = {}) {
  Result<OpenedRun> run = open_run(path, false);
  if (!run) return run.error();
  if (run->history.last() == nullptr) return failure("nothing was recorded that could be shown: " + path);
  return DroppedFile(RecordedRun{std::move(*run), path, step});
}

/// A plan in the folder of its sweep opens the sweep.
Result<DroppedFile> read_plan(const std::string& path) {
  auto plan = load_plan(path);
  if (!plan) return failure("cannot open the plan of a sweep: " + plan.error().message);
  if (Status valid = validate(*plan); !valid)
    return failure("cannot open the plan of a sweep: " + valid.error().message + ": " + path);
  std::error_code ignored;
  const fs::path folder = fs::absolute(path, ignored).parent_path();
  const bool in_sweep = fs::path(path).filename() == "plan.json" && is_sweep_folder(folder.string());
  const std::string name = in_sweep ? folder.filename().string() : fs::path(path).stem().string();
  return DroppedFile(DroppedSweep{std::move(*plan), in_sweep ? folder.string() : std::string(), name});
}

Result<DroppedFile> read_folder(const std::string& path) {
  std::error_code ignored;
  if (fs::exists(fs::path(path) / "config.json", ignored)) return read_run(path);
  if (is_sweep_folder(path)) return read_plan((fs::path(path) / "plan.json").string());
  const fs::path below = fs::path(path) / "x";  // frames/, checkpoints/ or deeper
  if (const std::string run = run_around(below, 3); !run.empty()) return read_run(run);
  for (const char* name : {"train-images-idx3-ubyte", "train-images-idx3-ubyte.gz"}) {
    if (!fs::exists(fs::path(path) / name, ignored)) continue;
    RunConfig config = find_preset("omnigrok-mnist")->config;
    config.task.path = path;
    return DroppedFile(std::move(config));
  }
  return failure("this folder holds no run: " + std::string(kOpens) + ": " + path);
}

Result<DroppedFile> read_carried(const Result<std::string>& json, const std::string& path) {
  if (!json) return json.error();
  const Result<Json> carried = parse_json(*json, path, kLargestSnapshot);
  if (carried && carried->is_object() && carried->contains("plan") && (*carried)["plan"].is_object()) {
    auto plan = plan_from_text(text_from_json((*carried)["plan"]), path);
    if (!plan) return plan.error();
    if (Status valid = validate(*plan); !valid) return failure(valid.error().message + ": " + path);
    return DroppedFile(DroppedSweep{std::move(*plan), "", fs::path(path).stem().string()});
  }
  Result<ReopenedPicture> picture = run_from_metadata(*json, path);
  if (!picture) return picture.error();
  return DroppedFile(std::move(*picture));
}

/// The settings that svg_from_scenes() wrote, its escapes undone.
Result<std::string> svg_metadata(const std::string& path) {
  const Result<std::string> svg = read_file(path, kLargestPicture);
  if (!svg) return svg.error();
  constexpr std::string_view kBegin = "<metadata id=\"grokscope\">", kEnd = "</metadata>";
  const std::size_t begin = svg->find(kBegin), end = svg->find(kEnd, begin == std::string::npos ? 0 : begin);
  if (begin == std::string::npos || end == std::string::npos)
    return failure(
        "this picture carries no run: open a PNG or SVG that was saved from a run, or the run's "
        "folder: " +
        path);
  std::string text = svg->substr(begin + kBegin.size(), end - begin - kBegin.size());
  for (const auto& [escape, sign] : {std::pair{"&lt;", "<"},
                                     {"&gt;", ">"},
                                     {"&quot;", "\""},
                                     {"&apos;", "'"},
                                     {"&#39;", "'"},
                                     {"&amp;", "&"}}) {
    for (std::size_t at = 0; (at = text.find(escape, at)) != std::string::npos; ++at)
      text.replace(at, std::string_view(escape).size(), sign);
  }
  return text;
}

/// A snapshot in its run folder shows that run at its step; one that was given away carries its run.
Result<DroppedFile> read_snapshot(const Json& json, const std::string& text, const std::string& path) {
  const auto step = json.find("step");
  const bool has_step = step != json.end() && step->is_number_integer();
  if (const std::string run = run_around(path, 1); !run.empty())
    return read_run(run, has_step ? std::optional(step->get<std::int64_t>()) : std::nullopt);
  return read_carried(text, path);
}

Result<DroppedFile> read_json(const std::string& path) {
  const Result<std::string> text = read_file(path, kLargestSnapshot);
  if (!text) return text.error();
  const Result<Json> json = parse_json(*text, path, kLargestSnapshot);
  if (!json) return json.error();
  const auto schema = json->is_object() ? json->find("schema") : json->end();
  const bool named = json->is_object() && schema != json->end() && schema->is_string();
  if (named && schema->get_ref<const std::string&>().starts_with("grokscope.snapshot"))
    return read_snapshot(*json, *text, path);
  if (json->is_object() && json->contains("base") && (json->contains("axes") || json->contains("runs")))
    return read_plan(path);
  if (fs::path(path).filename() == "facts.json") {
    if (const std::string run = run_around(path, 1); !run.empty()) return read_run(run);
  }
  Result<RunConfig> config = config_from_text(*text, path);
  if (!config) return config.error();
  return DroppedFile(std::move(*config));
}

/// Files of a record that say nothing by themselves.
Result<DroppedFile> read_lines(const std::string& path) {
  if (const std::string run = run_around(path, 1); !run.empty()) return read_run(run);
  if (fs::path(path).filename().string().find("events") != std::string::npos)
    return failure(
        "these are the events of a run: open its folder, or play them in a new run with grokscope "
        "run PRESET --events: " +
        path);
  return failure("these are lines of a run's record: open the run's folder, in which they lie: " + path);
}

Result<DroppedFile> read_tensors(const std::string& path) {
  if (const std::string run = run_around(path, 3); !run.empty()) {
    const std::int64_t step = step_from_file_name(fs::path(path).filename().string());
    return read_run(run, step >= 0 ? std::optional(step) : std::nullopt);
  }
  return failure("these are weights or measurements out of a run's folder: open the folder of the run: " +
                 path);
}

Result<DroppedFile> read_table(const std::string& path) {
  const Result<std::string> text = read_file(path, kLargestTable);
  if (!text) return text.error();
  if (text->starts_with("elapsed_s,step"))
    return failure("this is the table of a run that was exported: open the folder of the run: " + path);
  RunConfig config = find_preset("quickstart")->config;
  config.preset.clear();
  config.task.kind = "table";
  std::error_code ignored;
  config.task.path = fs::absolute(path, ignored).string();
  return DroppedFile(std::move(config));
}

}  // namespace

Result<DroppedFile> read_dropped(const std::string& typed) {
  std::string path = with_home(typed);
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  std::error_code error;
  if (!fs::exists(path, error)) {
    if (const Preset* preset = find_preset(typed)) {
      const Status trains = check_trains(*preset);
      return trains ? Result<DroppedFile>(DroppedFile(preset->config)) : trains.error();
    }
    return failure("there is no such file or folder: " + path);
  }
  if (fs::is_directory(path, error)) return read_folder(path);
  if (!fs::is_regular_file(path, error))
    return failure("this is no file: " + std::string(kOpens) + ": " + path);
  const std::string ending = lower_ending(path);
  if (ending == ".png") return read_carried(read_png_metadata(path), path);
  if (ending == ".svg") return read_carried(svg_metadata(path), path);
  if (ending == ".jsonl") return read_lines(path);
  if (ending == ".safetensors") return read_tensors(path);
  if (ending == ".csv" || ending == ".tsv" || ending == ".txt") return read_table(path);
  if (ending == ".json") return read_json(path);
  return failure("this is nothing that it opens: " + std::string(kOpens) + ": " + path);
}

}  // namespace grokscope
