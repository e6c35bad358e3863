// Fuzzes what is read from a run folder: the first byte chooses the file, the rest is its content.
// module: history
// Invariants: nothing crashes or leaks; mending is idempotent; what was accepted is written and read back the
// same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "history/frame_file.h"
#include "history/run_text.h"
#include "history/safetensors.h"
#include "history/scalars_line.h"

namespace {

using namespace grokscope;

void require(bool holds) {
  if (!holds) std::abort();
}

template <typename Read>
void check_lines(std::string_view text, Read read) {
  const auto lines = read(text, "fuzz");
  if (!lines) return;
  require(lines->valid_bytes <= text.size());
  require(lines->repair.empty() == (lines->valid_bytes == text.size()));
  const auto mended = read(text.substr(0, lines->valid_bytes), "fuzz");
  require(mended.ok() && mended->repair.empty() && mended->values.size() == lines->values.size());
}

void check_metrics(std::string_view text) {
  check_lines(text, &metrics_from_text);
  const auto lines = metrics_from_text(text, "fuzz");
  if (!lines) return;
  for (const Evaluation& evaluation : lines->values) {
    const std::string line = line_from_evaluation(evaluation);
    const auto again = evaluation_from_line(line, "fuzz");
    require(again.ok() && line_from_evaluation(*again) == line);
  }
}

void check_events(std::string_view text) {
  check_lines(text, &events_from_text);
  const auto lines = events_from_text(text, "fuzz");
  if (!lines) return;
  for (const Event& event : lines->values) {
    const Json json = json_from_event(event);
    const auto again = event_from_json(json, "fuzz");
    require(again.ok() && text_from_json(json_from_event(*again)) == text_from_json(json));
  }
}

void check_scalars(std::string_view text) {
  std::vector<ProbeScalars> looks;
  const auto read = [&looks](std::string_view from, const std::string& source) {
    looks.clear();
    return read_scalars_text(from, source, [&](const ProbeScalars& look) {
      looks.push_back(look);
      return Status();
    });
  };
  check_lines(text, read);
  if (!read(text, "fuzz")) return;
  for (const ProbeScalars& look : looks) {
    const std::string line = line_from_scalars(look);
    const auto again = scalars_from_line(line, "fuzz");
    require(again.ok() && line_from_scalars(*again) == line);
  }
}

void check_config(std::string_view text) {
  const auto file = config_file_from_text(text, "fuzz");
  if (!file) return;
  const std::string written = text_from_config_file(*file);
  const auto again = config_file_from_text(written, "fuzz");
  require(again.ok() && text_from_config_file(*again) == written);
}

void check_tensors(std::string_view bytes) {
  const auto file = tensor_file_from_bytes(bytes, "fuzz");
  if (!file) return;
  std::size_t total = 0;
  for (const auto& [name, tensor] : file->tensors) total += tensor.bytes.size();
  require(total <= bytes.size());
  const std::string written = bytes_from_tensor_file(*file);
  const auto again = tensor_file_from_bytes(written, "fuzz");
  require(again.ok() && bytes_from_tensor_file(*again) == written);
  const auto frame = frame_from_tensor_file(*file, "fuzz");
  if (!frame) return;
  require(frame_from_tensor_file(tensor_file_from_frame(*frame), "fuzz").ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view content(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0]) {
    case 'm':
      check_metrics(content);
      break;
    case 'e':
      check_events(content);
      break;
    case 'l':
      check_scalars(content);
      break;
    case 'c':
      check_config(content);
      break;
    default:
      check_tensors(content);
      break;
  }
  return 0;
}
