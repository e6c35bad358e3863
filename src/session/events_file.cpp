#include "session/events_file.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/files.h"
#include "base/text.h"
#include "contract/live_field.h"
#include "history/interventions.h"

namespace grokscope {
namespace {

constexpr std::uint64_t kMostBytes = 64u << 20;

constexpr std::string_view kRecordedKinds[] = {"pause",   "resume", "step_once", "phase",      "milestone",
                                               "stopped", "note",   "speed",     "checkpoint", "probes"};

Error at_line(const Error& error, const std::string& source) {
  return usage_error(error.message + ": " + source);
}

Status check_kind(const Event& event, const std::string& source) {
  if (is_intervention(event)) return {};
  if (std::find(std::begin(kRecordedKinds), std::end(kRecordedKinds), event.kind) != std::end(kRecordedKinds))
    return {};
  std::vector<std::string> known(std::begin(kRecordedKinds), std::end(kRecordedKinds));
  known.insert(known.begin(), {"set", "rescale_norm"});
  const std::string nearest = nearest_name(event.kind, known);
  return usage_error("unknown kind of event '" + event.kind + "'" +
                     (nearest.empty() ? std::string() : ", did you mean '" + nearest + "'?") + ": " + source);
}

/// Appends the line's intervention, if it is one, and tries it on `config`.
Status read_line(std::string_view line, const std::string& source, RunConfig& config,
                 std::vector<Event>& events) {
  auto json = parse_json(line, source);
  if (!json) return json.error();
  auto event = event_from_json(*json, source);
  if (!event) return event.error();
  if (Status kind = check_kind(*event, source); !kind) return kind;
  if (!is_intervention(*event)) return {};
  if (event->kind == "rescale_norm") {
    if (const auto norm = norm_of_rescale_event(*event); !norm) return at_line(norm.error(), source);
    events.push_back(std::move(*event));
    return {};
  }
  const auto value = value_of_set_event(*event);
  if (!value) return at_line(value.error(), source);
  const auto& field = event->detail["field"].get_ref<const std::string&>();
  if (Status set = set_live_field(config, field, *value); !set) return at_line(set.error(), source);
  events.push_back(std::move(*event));
  return {};
}

}  // namespace

Result<std::vector<Event>> read_events_file(const std::string& path, const RunConfig& config) {
  auto text = read_file_or_pipe(path, kMostBytes);
  if (!text) return usage_error(text.error().message);
  RunConfig tried = config;
  std::vector<Event> events;
  std::string_view rest = *text;
  for (int number = 1; !rest.empty(); ++number) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string source = path + " line " + std::to_string(number);
    if (Status read = read_line(line, source, tried, events); !read) return usage_error(read.error().message);
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.step < b.step; });
  return events;
}

}  // namespace grokscope
