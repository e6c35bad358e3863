#include "app/bench/display.h"

#include <cstdlib>
#include <utility>

namespace grokscope::bench {
namespace {

constexpr double kServerStarts_s = 20.0;

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

Result<BenchDisplay> BenchDisplay::find() {
  BenchDisplay display;
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY"}) {
    if (display.name_.empty()) display.name_ = from_environment(name);
  }
  if (!display.name_.empty()) return display;
  ChildCommand command;
  // The server chooses a free number and says it on standard output.
  command.arguments = {"Xvfb",        "-displayfd", "1",   "-screen",    "0",
                       "1280x720x24", "-nolisten",  "tcp", "+extension", "GLX"};
  command.limit_s = kServerStarts_s;
  auto server = BackgroundChild::start(command);
  if (!server || server->first_line().empty()) {
    return failure(
        "there is no display (DISPLAY is not set) and no Xvfb to make one: install xvfb, or start it "
        "from a desktop");
  }
  display.name_ = ":" + server->first_line();
  display.server_ = std::move(*server);
  return display;
}

std::vector<std::string> BenchDisplay::environment() const {
  return server_ ? std::vector<std::string>{"DISPLAY=" + name_} : std::vector<std::string>{};
}

std::string BenchDisplay::description() const {
  return server_ ? "Xvfb 1280x720, software OpenGL" : "display " + name_;
}

}  // namespace grokscope::bench
