#include "app/dropped_file.h"

#include <filesystem>
#include <utility>

#include "config/presets.h"
#include "export/png.h"

namespace grokscope {
namespace {

Result<DroppedFile> read_run(const std::string& path) {
  Result<OpenedRun> run = open_run(path, false);
  if (!run) return run.error();
  if (run->history.last() == nullptr) return failure("nothing was recorded that could be shown: " + path);
  return DroppedFile(std::move(*run));
}

Result<DroppedFile> read_picture(const std::string& path) {
  const Result<std::string> text = read_png_metadata(path);
  if (!text) return text.error();
  Result<ReopenedPicture> picture = run_from_metadata(*text, path);
  if (!picture) return picture.error();
  return DroppedFile(std::move(*picture));
}

}  // namespace

Result<DroppedFile> read_dropped(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return read_run(path);
  if (path.ends_with(".png")) return read_picture(path);
  Result<RunConfig> config = load_config(path);
  if (!config) return config.error();
  return DroppedFile(std::move(*config));
}

}  // namespace grokscope
