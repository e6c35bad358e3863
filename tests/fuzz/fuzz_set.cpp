// Fuzz body: lines of text as --set key=value, one after the other. What is accepted reads back to the same
// value from the text that is shown for it; what is refused changes nothing and never steers a terminal.
// module: config
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/outside_text.h"
#include "config/config_json.h"
#include "config/fields.h"

namespace {

using namespace grokscope;

void require(bool condition) {
  if (!condition) std::abort();
}

void assign(RunConfig& config, std::string_view assignment) {
  const Json before = json_from_config(config);
  const Status set = set_field_from_text(config, assignment);
  if (!set) {
    require(is_visible(set.error().message) && set.error().blame == Blame::usage);
    require(json_from_config(config) == before);
    return;
  }
  RunConfig again;
  for (const Field& field : fields()) {
    require(set_field(again, field.name, field.get(config)).ok());
    require(set_field_from_text(again, field.name + "=" + text_of(field.get(config))).ok());
  }
  require(json_from_config(again) == json_from_config(config) || config.preset != again.preset);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  RunConfig config;
  for (int lines = 0; !text.empty() && lines < 16; ++lines) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    assign(config, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return 0;
}
