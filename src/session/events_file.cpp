#include "session/events_file.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "base/outside_text.h"
#include "base/read_file.h"
#include "history/interventions.h"

namespace grokscope {
namespace {

constexpr std::uint64_t kMostBytes = 64u << 20;
constexpr std::size_t kMostUnknownKinds = 5;  // that are told of

class ScriptReader {
 public:
  explicit ScriptReader(const RunConfig& config) : config_(config) {}

  /// Appends the line's intervention, if it is one, and tries it on the settings.
  Status read(std::string_view line, const std::string& source) {
    auto event = event_from_line(line, source);
    if (!event) return usage_error(event.error().message);
    if (!is_intervention(*event)) {
      if (!is_known_kind(event->kind)) note_unknown(event->kind, source);
      return {};
    }
    if (Status fits = check_intervention(intervention_of(*event), config_); !fits) {
      return usage_error(fits.error().message + ": " + source);
    }
    apply_to_config(*event, config_);
    script_.interventions.push_back(std::move(*event));
    return {};
  }

  EventScript finish() {
    std::stable_sort(script_.interventions.begin(), script_.interventions.end(),
                     [](const Event& a, const Event& b) { return a.step < b.step; });
    return std::move(script_);
  }

 private:
  void note_unknown(const std::string& kind, const std::string& source) {
    if (unknown_.size() >= kMostUnknownKinds || !unknown_.insert(kind).second) return;
    const std::string nearest = nearest_kind(kind);
    script_.passed_over.push_back("passed over an event of the unknown kind " + in_quotes(kind) +
                                  (nearest.empty() ? "" : "; did you mean '" + nearest + "'?") + ": " +
                                  source);
  }

  RunConfig config_;
  EventScript script_;
  std::set<std::string> unknown_;
};

}  // namespace

Result<EventScript> event_script_from_text(std::string_view text, const std::string& source,
                                           const RunConfig& config) {
  ScriptReader reader(config);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Status read = reader.read(line, source + " line " + std::to_string(number));
    if (!read) return read.error();
  }
  return reader.finish();
}

Result<EventScript> read_events_file(const std::string& path, const RunConfig& config) {
  auto text = read_file_or_pipe(path, kMostBytes);
  if (!text) return usage_error(text.error().message);
  return event_script_from_text(*text, path, config);
}

}  // namespace grokscope
