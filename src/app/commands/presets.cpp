// grokscope presets: names, one line each, the paper each comes from, and where it differs from that.
#include "config/presets.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/commands/commands.h"
#include "base/json_text.h"

namespace grokscope {
namespace {

int print_presets(bool json) {
  Json list = Json::array();
  for (const Preset& preset : presets()) {
    if (json) {
      list.push_back({{"name", preset.name},
                      {"title", preset.title},
                      {"paper", preset.paper},
                      {"look_for", preset.look_for},
                      {"differs", preset.differs}});
    } else {
      std::printf("%-24s %s (%s)\n", preset.name.c_str(), preset.title.c_str(), preset.paper.c_str());
      if (!preset.differs.empty()) std::printf("%-24s   differs: %s\n", "", preset.differs.c_str());
    }
  }
  if (json) std::printf("%s\n", text_from_json(list, 2).c_str());
  return 0;
}

}  // namespace

void add_presets_command(CLI::App& app, CommandResult& result) {
  CLI::App* command = app.add_subcommand("presets", "list the presets and the papers they come from");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "print one JSON array");
  command->callback([json, &result] { result.action = [json] { return print_presets(*json); }; });
}

}  // namespace grokscope
