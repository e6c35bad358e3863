#include "base/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>

extern char** environ;

namespace grokscope {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<std::string> merged_environment(const std::vector<std::string>& changes) {
  const auto name_of = [](const std::string& entry) { return entry.substr(0, entry.find('=') + 1); };
  std::vector<std::string> merged = changes;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    bool changed = false;
    for (const std::string& change : changes) changed = changed || name_of(change) == name_of(*entry);
    if (!changed) merged.emplace_back(*entry);
  }
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

struct Started {
  pid_t process = -1;
  int output = -1;  ///< to be closed
};

Result<Started> spawn(const ChildCommand& command) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return failure("cannot start a program: no pipe: " + command.arguments.front());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<std::string> arguments = command.arguments,
                           environment = merged_environment(command.environment);
  Started started{-1, ends[0]};
  const int refused = ::posix_spawnp(&started.process, arguments.front().c_str(), &actions, nullptr,
                                     pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (refused == 0) return started;
  ::close(ends[0]);
  return failure("cannot start a program: " + std::generic_category().message(refused) + ": " +
                 command.arguments.front());
}

/// Reads until the end of the output, a line break (if `one_line`), or the deadline; false at the deadline.
bool read_output(int descriptor, double limit_s, bool one_line, std::string& output) {
  const auto start = Clock::now();
  while (true) {
    pollfd waiting{descriptor, POLLIN, 0};
    const double left_s = limit_s - seconds_since(start);
    if (left_s <= 0.0) return false;
    if (::poll(&waiting, 1, static_cast<int>(left_s * 1e3) + 1) <= 0) continue;
    char bytes[4096];
    const ssize_t count = ::read(descriptor, bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return true;
    output.append(bytes, static_cast<std::size_t>(count));
    if (one_line && output.find('\n') != std::string::npos) return true;
  }
}

}  // namespace

Result<ChildOutcome> run_child(const ChildCommand& command) {
  const auto start = Clock::now();
  auto started = spawn(command);
  if (!started) return started.error();
  ChildOutcome outcome;
  const bool in_time = read_output(started->output, command.limit_s, false, outcome.output);
  if (!in_time) ::kill(started->process, SIGKILL);
  ::close(started->output);
  int status = 0;
  rusage usage{};
  while (::wait4(started->process, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  if (!in_time) {
    return failure("a program ran longer than " + std::to_string(static_cast<int>(command.limit_s)) +
                   " s and was ended: " + command.arguments.front());
  }
  outcome.elapsed_s = seconds_since(start);
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.peak_resident_bytes = static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
  return outcome;
}

Result<BackgroundChild> BackgroundChild::start(const ChildCommand& command) {
  auto started = spawn(command);
  if (!started) return started.error();
  std::string line;
  const bool answered = read_output(started->output, command.limit_s, true, line);
  ::close(started->output);
  BackgroundChild child(started->process, line.substr(0, line.find('\n')));
  if (!answered) return failure("a program did not answer in time: " + command.arguments.front());
  return child;
}

BackgroundChild::BackgroundChild(pid_t process, std::string first_line)
    : process_(process), first_line_(std::move(first_line)) {}

BackgroundChild::BackgroundChild(BackgroundChild&& other) noexcept
    : process_(std::exchange(other.process_, -1)), first_line_(std::move(other.first_line_)) {}

BackgroundChild& BackgroundChild::operator=(BackgroundChild&& other) noexcept {
  if (this != &other) {
    end();
    process_ = std::exchange(other.process_, -1);
    first_line_ = std::move(other.first_line_);
  }
  return *this;
}

BackgroundChild::~BackgroundChild() {
  end();
}

void BackgroundChild::end() {
  if (process_ < 0) return;
  ::kill(process_, SIGTERM);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
}

std::string this_program() {
  char path[4096];
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : std::string("grokscope");
}

}  // namespace grokscope
