#include "sweep/commands_engine.h"

#include <algorithm>

#include <fmt/format.h>

namespace grokscope {

std::string shell_quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::vector<std::string> worker_commands(const Sweep& sweep, const std::string& program, std::size_t parts) {
  if (sweep.missing().empty()) return {};
  const std::size_t runs = sweep.plan().runs();
  const std::size_t count = std::min(parts > 0 ? parts : kUsualParts, runs);
  std::vector<std::string> commands;
  for (std::size_t part = 1; part <= count; ++part) {
    commands.push_back(fmt::format("{} sweep-worker --plan {} --chunk {}/{} --out {}{}",
                                   shell_quoted(program), shell_quoted(sweep.folder().plan()), part, count,
                                   shell_quoted(sweep.folder().path),
                                   sweep.folder().with_cache ? "" : " --no-cache"));
  }
  return commands;
}

}  // namespace grokscope
