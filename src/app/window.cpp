// Opening and closing the window: the library, signals, the run it begins with, the settings it leaves.
#include "app/window.h"

#include <GLFW/glfw3.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "app/commands/commands.h"
#include "app/main_window.h"

namespace grokscope {
namespace {

struct GlfwLibrary {
  bool ready = glfwInit() == GLFW_TRUE;
  ~GlfwLibrary() {
    if (ready) glfwTerminate();
  }
};

struct ShownRun {
  std::vector<std::string> repairs;  ///< what was left out or mended, one sentence each
  std::optional<std::int64_t> step;  ///< to look at
};

/// Before there is a window that could wait for it.
Result<ShownRun> show_recorded(RunHolder& runs, const std::string& path) {
  Result<DroppedFile> file = read_dropped(path);
  if (!file) return file.error();
  auto* recorded = std::get_if<RecordedRun>(&*file);
  if (recorded == nullptr) return failure("this is not the folder of a run: " + path);
  ShownRun shown{std::move(recorded->run.repairs), recorded->step};
  runs.show_recorded(std::move(recorded->run), recorded->path);
  return shown;
}

}  // namespace

bool display_available() {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  return set("DISPLAY") || set("WAYLAND_DISPLAY");
}

int run_window(const RunConfig& config, const WindowOptions& options) {
  if (!display_available()) return kNoDisplay;
  auto news = std::make_shared<std::atomic<bool>>(false);
  const GlfwLibrary library;
  if (!library.ready) return kNoDisplay;
  Settings settings = options.remember ? load_settings(settings_path()) : Settings{};
  const int remembered_speed = settings.speed_index;
  if (options.full_speed) settings.speed_index = full_speed_index();
  const double speed = speed_choices()[static_cast<std::size_t>(settings.speed_index)].steps_per_second;
  const auto wake = [news] {
    if (!news->exchange(true)) glfwPostEmptyEvent();
  };
  // What is made first is there longest: a signal that comes again ends a program that waits for its disk.
  const Interrupt interrupt(wake);
  BackgroundWork files("files", wake);
  RunHolder runs(options.trainer, files, wake);
  // Abandoned on every early return, which lets the trainer go as well.
  std::promise<void> first_frame, first_curve;
  ShownRun recorded;
  if (options.study) {
    runs.show_recorded(OpenedRun{.history = History(config)}, "");
  } else if (options.recorded_run.empty()) {
    const Status started = runs.start(config, options.out, speed, options.trainer.scripted,
                                      {first_frame.get_future().share(), first_curve.get_future().share()});
    if (!started) return report(started.error());
  } else {
    auto shown = show_recorded(runs, options.recorded_run);
    if (!shown) return report(shown.error());
    recorded = std::move(*shown);
  }
  auto opened = GlfwWindow::open(settings.width, settings.height,
                                 "Grokscope" + (config.preset.empty() ? "" : " · " + config.preset));
  if (!opened) return report(opened.error());
  std::optional<Window> window(std::in_place, options, std::move(*opened), news, files, interrupt);
  window->when_first_drawn([&first_frame] { first_frame.set_value(); });
  window->when_curve_drawn([&first_curve] { first_curve.set_value(); });
  if (Status ready = window->prepare(runs, settings); !ready) return report(ready.error());
  window->tell_repairs(recorded.repairs);
  if (recorded.step) window->look_at(*recorded.step);
  if (!options.sweep.empty()) window->open_path(options.sweep);
  if (!options.plan.empty()) window->begin({options.plan, {}});
  if (options.study) window->show(*options.study);
  window->loop();
  Settings next_time = window->settings();
  const std::optional<WindowMeasure> measured = window->measured();
  window.reset();  // from here on the disk may be waited for
  if (options.remember) {
    if (options.full_speed && next_time.speed_index == 0)  // it was left at full
      next_time.speed_index = remembered_speed;
    if (const Status saved = save_settings(settings_path(), next_time); !saved) report(saved.error());
  }
  if (measured) std::printf("%s\n", measured->json().c_str());
  return 0;
}

}  // namespace grokscope
