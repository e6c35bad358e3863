#include "base/line_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

#include "base/write_all.h"

extern char** environ;

namespace grokscope {
namespace {

struct Pipe {
  Descriptor read, write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return failure("cannot start a program: no pipe: " + std::generic_category().message(errno));
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

bool readable(int descriptor) {
  pollfd waiting{descriptor, POLLIN, 0};
  return ::poll(&waiting, 1, 0) > 0;
}

}  // namespace

Result<LineChild> LineChild::start(const std::vector<std::string>& arguments) {
  auto input = make_pipe();
  if (!input) return input.error();
  auto output = make_pipe();
  if (!output) return output.error();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input->read.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output->write.get(), STDOUT_FILENO);
  std::vector<std::string> texts = arguments;
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  pid_t process = -1;
  const int refused =
      ::posix_spawn(&process, texts.front().c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (refused != 0) {
    return failure("cannot start a program: " + std::generic_category().message(refused) + ": " +
                   arguments.front());
  }
  return LineChild(process, std::move(input->write), std::move(output->read));
}

LineChild::LineChild(pid_t process, Descriptor input, Descriptor output)
    : process_(process), input_(std::move(input)), output_(std::move(output)) {}

LineChild::LineChild(LineChild&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      exit_code_(other.exit_code_),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      heard_(std::move(other.heard_)),
      silent_(other.silent_) {}

LineChild& LineChild::operator=(LineChild&& other) noexcept {
  std::swap(process_, other.process_);
  std::swap(exit_code_, other.exit_code_);
  std::swap(input_, other.input_);
  std::swap(output_, other.output_);
  std::swap(heard_, other.heard_);
  std::swap(silent_, other.silent_);
  return *this;
}

LineChild::~LineChild() {
  close_input();
  ask_to_end();
  exit_code();
}

bool LineChild::tell(const std::string& line) {
  return input_.is_open() && write_all(input_.get(), line + "\n") == 0;
}

std::vector<std::string> LineChild::hear() {
  std::vector<std::string> lines;
  while (!silent_ && readable(output_.get())) {
    char bytes[4096];
    const ssize_t count = ::read(output_.get(), bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) silent_ = true;
    if (count > 0) heard_.append(bytes, static_cast<std::size_t>(count));
  }
  std::size_t begin = 0;
  for (std::size_t end = heard_.find('\n'); end != std::string::npos; end = heard_.find('\n', begin)) {
    lines.push_back(heard_.substr(begin, end - begin));
    begin = end + 1;
  }
  heard_.erase(0, begin);
  return lines;
}

void LineChild::close_input() {
  const Descriptor closed(input_.release());
}

void LineChild::ask_to_end() const {
  if (process_ > 0) ::kill(process_, SIGTERM);
}

int LineChild::exit_code() {
  if (process_ < 0) return exit_code_;
  int status = 0;
  pid_t ended = 0;
  while ((ended = ::waitpid(process_, &status, 0)) < 0 && errno == EINTR) {
  }
  process_ = -1;
  if (ended > 0) exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

}  // namespace grokscope
