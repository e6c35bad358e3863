// Parses the arguments with CLI11 and runs the one command they name. What each command does stands in
// commands/.
#include "app/command_line.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "app/commands/commands.h"
#include "base/outside_text.h"
#include "base/version.h"
#include "config/fields.h"

namespace grokscope {
namespace {

void add_commands(CLI::App& app, CommandResult& result) {
  add_window_command(app, result);
  add_run_command(app, result);
  add_fork_command(app, result);
  add_presets_command(app, result);
  add_fields_command(app, result);
  add_render_command(app, result);
  add_export_command(app, result);
  add_replay_command(app, result);
  add_landscape_command(app, result);
  add_complexity_command(app, result);
  add_bench_command(app, result);
  add_claims_command(app, result);
  add_reproduce_command(app, result);
  add_theory_command(app, result);
  add_sweep_command(app, result);
  add_sweep_worker_command(app, result);
}

/// A setting among the words that nothing asked for: --set takes one, others use to take a list.
std::optional<std::string> stray_setting(const CLI::App& app) {
  for (const std::string& word : app.remaining(true)) {
    const std::string key = word.substr(0, word.find('='));
    if (key.size() < word.size() && find_field(key) != nullptr) return word;
  }
  return std::nullopt;
}

int report_parse_error(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
    return app.exit(error);  // --help, --version
  const auto chosen = app.get_subcommands();
  const std::string name = chosen.empty() ? "grokscope" : "grokscope " + chosen.front()->get_name();
  if (const auto setting = stray_setting(app))
    return report(usage_error("each setting needs a --set of its own: write --set " + *setting));
  std::string message = error.what();
  if (!message.empty() && message.back() == '.') message.pop_back();
  return report(usage_error(message + "; " + name + " --help lists what there is"));
}

/// `grokscope quickstart run` or `grokscope --seed 1 run`: what stands before the command would be ignored.
Status check_nothing_before(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) return {};
  const std::string& name = chosen.front()->get_name();
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() == 0) continue;
    return usage_error("'" + option->get_name() + "' stands before the command '" + name +
                       "': write it after it");
  }
  return {};
}

// A closed or full standard output loses data: that is a failure like any other.
int close_output(int exit_code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
  const int code = report(failure("cannot write to standard output: the pipe is closed or the disk is full"));
  return exit_code == 0 ? code : exit_code;
}

/// A standard stream that the caller has closed must not become the number of a file that is opened later:
/// what is printed would end up in that file. Reading /dev/null stands in for it, so that writing fails.
void fill_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDONLY));
  }
}

}  // namespace

void tell(const std::vector<std::string>& sentences) {
  for (const std::string& sentence : sentences) report(failure(sentence));
}

int report(const Error& error) {
  constexpr std::size_t kMostCharacters = 8192;
  // The last gate: a path or a library's message, too, may hold what steers a terminal.
  std::fprintf(stderr, "grokscope: %s\n", visible(error.message, kMostCharacters).c_str());
  return error.exit_code();
}

int run_command_line(int argc, char** argv) {
  fill_closed_streams();
  std::setlocale(LC_ALL, "C");    // numbers are written with a point, whatever the desktop's language
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error to report, not a death
  std::signal(SIGXFSZ, SIG_IGN);  // so is a file that may not grow any further
  // Shards are our own threads. OpenBLAS would start one a core when it is loaded, each with 128 MB of
  // addresses, and waits for ever where it cannot have them.
  ::setenv("OPENBLAS_NUM_THREADS", "1", 0);
  CLI::App app("Watch a small network memorise, wait, and then understand.", "grokscope");
  app.set_version_flag("--version", "grokscope " + std::string(kVersion));
  app.require_subcommand(0, 1);
  CommandResult result;
  add_commands(app, result);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return close_output(report_parse_error(app, error));
  }
  if (Status clean = check_nothing_before(app); !clean) return report(clean.error());
  return close_output(result.action());
}

}  // namespace grokscope
