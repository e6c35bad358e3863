#include "app/bench/launch.h"

#include <filesystem>

namespace grokscope::bench {

Result<Launch> launch(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                      const std::string& folder) {
  const std::string home = folder + "/home";
  std::error_code ignored;
  std::filesystem::remove_all(home, ignored);  // the run of the launch before
  std::filesystem::create_directories(home, ignored);
  ChildCommand command;
  command.arguments = {this_program()};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = environment;
  for (const char* name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"}) {
    command.environment.push_back(std::string(name) + "=" + home);  // the cache stays: it holds no runs
  }
  std::string said = "grokscope";
  for (const std::string& argument : arguments) said += " " + argument;
  auto child = run_child(command);
  if (!child) return child.error();
  if (child->exit_code != 0)
    return failure("`" + said + "` ended with exit code " + std::to_string(child->exit_code));
  auto printed = parse_json(child->output, said);
  if (!printed || !printed->is_object()) return failure("`" + said + "` printed no JSON object");
  return Launch{std::move(*printed), child->elapsed_s,
                1e-6 * static_cast<double>(child->peak_resident_bytes)};
}

}  // namespace grokscope::bench
