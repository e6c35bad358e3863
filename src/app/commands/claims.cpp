// grokscope claims: every paper claim that can be checked here.
#include "claims/claims.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/commands/commands.h"
#include "base/json_text.h"

namespace grokscope {
namespace {

Json json_from(const Claim& claim) {
  return {{"name", claim.name},
          {"paper", claim.paper},
          {"figure", claim.figure},
          {"statement", claim.statement},
          {"published", claim.published},
          {"expected", claim.expected},
          {"why", claim.why},
          {"quick", claim.quick},
          {"changed", claim.changed},
          {"preset", claim.preset},
          {"data", claim.data}};
}

int print_claims(bool json) {
  Json list = Json::array();
  for (const Claim& claim : claims()) {
    if (json) {
      list.push_back(json_from(claim));
    } else {
      std::printf("%-28s %s (%s, %s)\n", std::string(claim.name).c_str(),
                  std::string(claim.statement).c_str(), std::string(claim.paper).c_str(),
                  std::string(claim.figure).c_str());
    }
  }
  if (json) std::printf("%s\n", text_from_json(list, 2).c_str());
  return 0;
}

}  // namespace

void add_claims_command(CLI::App& app, CommandResult& result) {
  CLI::App* command = app.add_subcommand("claims", "list the claims of papers that can be checked here");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "print one JSON array");
  command->callback([json, &result] { result.action = [json] { return print_claims(*json); }; });
}

}  // namespace grokscope
