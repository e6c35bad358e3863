// Fuzz body: any bytes as the file of --events. What is accepted is in order, fits the settings one after the
// other, is written and read back the same, and can be put into words; a remark or an error never steers a
// terminal.
//
// module: session
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/outside_text.h"
#include "history/interventions.h"
#include "session/events_file.h"

namespace {

using namespace grokscope;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "fuzz_events: %s\n", what);
  std::abort();
}

void check_event(const Event& event, RunConfig& config) {
  require(event.step >= 0, "a step before the start");
  const auto again = event_from_line(text_from_json(json_from_event(event)), "again");
  require(again.ok() && json_from_event(*again) == json_from_event(event),
          "an event changes on its way through JSON");
  require(is_visible(sentence_of(event)) && is_visible(flag_of(event)), "words that steer a terminal");
  apply_to_config(event, config);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto script = event_script_from_text(text, "fuzz", RunConfig{});
  if (!script) {
    require(script.error().blame == Blame::usage, "a bad script is the writer's to mend");
    require(is_visible(script.error().message), "an error that steers a terminal");
    return 0;
  }
  for (const std::string& note : script->passed_over)
    require(is_visible(note), "a remark that steers a terminal");
  RunConfig config;
  std::int64_t before = 0;
  for (const Event& event : script->interventions) {
    require(event.step >= before, "out of order");
    before = event.step;
    check_event(event, config);
  }
  return 0;
}
