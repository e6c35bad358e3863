// LineChild: a program that is talked to in lines: what it is to do goes to its standard input, what it says
// comes from its standard output; its standard error is ours. Not for programs that are only waited for
// (child_process.h). One thread.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"

namespace grokscope {

class LineChild {
 public:
  /// `arguments[0]` is the program's file. No other child holds its ends of the pipes: when this process
  /// ends in any way, the child reads the end of its input.
  static Result<LineChild> start(const std::vector<std::string>& arguments);
  LineChild(LineChild&& other) noexcept;
  LineChild& operator=(LineChild&& other) noexcept;
  ~LineChild();  ///< closes its input, asks it to end (SIGTERM) and waits

  /// False: it does not read any more.
  bool tell(const std::string& line);
  /// For poll(2): readable when there is something to hear, or it has ended.
  int descriptor() const { return output_.get(); }
  /// The whole lines that have come, without waiting.
  std::vector<std::string> hear();
  /// It has closed its output: exit_code() will not wait long.
  bool silent() const { return silent_; }
  void close_input();  ///< there is no more to do
  void ask_to_end() const;
  pid_t process() const { return process_; }
  /// Waits for its end; 128 + signal if one ended it.
  int exit_code();

 private:
  LineChild(pid_t process, Descriptor input, Descriptor output);
  pid_t process_ = -1;
  int exit_code_ = 0;
  Descriptor input_, output_;
  std::string heard_;  ///< the beginning of a line
  bool silent_ = false;
};

}  // namespace grokscope
