// The command line (docs/command-line.md). Main thread.
#pragma once

namespace grokscope {

/// Runs one command; returns the exit code: 0 done, 1 failed, 2 bad usage.
int run_command_line(int argc, char** argv);

}  // namespace grokscope
