// Every subcommand is one file in this folder with one function add_<name>_command(); command_line.cpp lists
// them. Main thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace CLI {
class App;
}

namespace grokscope {

/// What the parsed arguments ask for. A command's CLI11 callback sets `action`; it runs after parsing and
/// returns the exit code: 0 done, 1 failed, 2 bad usage, 75 run me again (workers).
struct CommandResult {
  std::function<int()> action;
};

void add_window_command(CLI::App& app, CommandResult& result);  ///< no subcommand: the window
void add_run_command(CLI::App& app, CommandResult& result);
void add_fork_command(CLI::App& app, CommandResult& result);
void add_presets_command(CLI::App& app, CommandResult& result);
void add_fields_command(CLI::App& app, CommandResult& result);
void add_export_command(CLI::App& app, CommandResult& result);
void add_replay_command(CLI::App& app, CommandResult& result);
void add_render_command(CLI::App& app, CommandResult& result);
void add_landscape_command(CLI::App& app, CommandResult& result);
void add_complexity_command(CLI::App& app, CommandResult& result);
void add_bench_command(CLI::App& app, CommandResult& result);
void add_claims_command(CLI::App& app, CommandResult& result);
void add_reproduce_command(CLI::App& app, CommandResult& result);
void add_theory_command(CLI::App& app, CommandResult& result);
void add_sweep_command(CLI::App& app, CommandResult& result);
void add_sweep_worker_command(CLI::App& app, CommandResult& result);

/// "grokscope: <message>" on stderr; returns the exit code that belongs to the error.
int report(const Error& error);
/// What was left out or mended when a run was opened: "grokscope: <sentence>" on stderr, one line each.
void tell(const std::vector<std::string>& sentences);

}  // namespace grokscope
