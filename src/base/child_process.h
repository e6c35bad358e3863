// Starting a program and waiting for it: its output, exit code, time and memory. No shell in between. Any
// thread; not for programs that read standard input (they see none).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace grokscope {

struct ChildCommand {
  std::vector<std::string> arguments;    ///< [0] is the program, looked up in PATH
  std::vector<std::string> environment;  ///< "NAME=value", beside what this process has; wins over it
  double limit_s = 600.0;                ///< killed after that
};

struct ChildOutcome {
  int exit_code = 0;   ///< 128 + signal when a signal ended it
  std::string output;  ///< its standard output; standard error goes nowhere
  double elapsed_s = 0.0;
  std::int64_t peak_resident_bytes = 0;
};

/// Waits for the end. Errors: it cannot be started, or ran past its limit.
Result<ChildOutcome> run_child(const ChildCommand& command);

/// A program that goes on in the background; ended (SIGTERM) and waited for by the destructor.
class BackgroundChild {
 public:
  /// Waits until it has written one line to standard output, and keeps it; "" if it ended before.
  static Result<BackgroundChild> start(const ChildCommand& command);
  BackgroundChild(BackgroundChild&& other) noexcept;
  BackgroundChild& operator=(BackgroundChild&& other) noexcept;
  ~BackgroundChild();
  const std::string& first_line() const { return first_line_; }

 private:
  BackgroundChild(pid_t process, std::string first_line);
  void end();
  pid_t process_ = -1;
  std::string first_line_;
};

/// The running program's own file.
std::string this_program();

}  // namespace grokscope
