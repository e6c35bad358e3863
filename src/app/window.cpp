#include "app/window.h"

#include <GL/gl.h>
#include <GLFW/glfw3.h>
#include <imgui.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "app/background_work.h"
#include "app/commands/commands.h"
#include "app/dropped_file.h"
#include "app/glfw_window.h"
#include "app/imgui_host.h"
#include "app/input.h"
#include "app/interrupt.h"
#include "app/pictures.h"
#include "app/run_holder.h"
#include "app/scene_queue.h"
#include "app/settings.h"
#include "app/trainer_load.h"
#include "history/run_files.h"
#include "ui/live_fields.h"
#include "ui/overlays.h"

namespace grokscope {
namespace {

constexpr double kFrame = 1.0 / 60.0;
constexpr int kFramesAfterInput = 3;
constexpr std::size_t kCurvePoints = 5;         // with its first phase: every kind of mark was drawn
constexpr double kLongestWithoutCurve_s = 5.0;  // a slow step: let the probes show something meanwhile
constexpr double kLongSleep = 30.0;

struct FileToWrite {
  std::string name, bytes;
};

class Window {
 public:
  Window(const WindowOptions& options, std::unique_ptr<GlfwWindow> window,
         std::shared_ptr<std::atomic<bool>> news, BackgroundWork& files, const Interrupt& interrupt)
      : options_(options),
        window_(std::move(window)),
        host_(window_->handle()),
        news_(std::move(news)),
        files_(&files),
        interrupt_(&interrupt) {
    if (options_.measure) measure_goal_.emplace(*options_.measure);
  }

  Status prepare(RunHolder& runs, const Settings& settings);
  void loop();
  /// What was left out when the shown run was opened, if anything.
  void tell_repairs(const std::vector<std::string>& repairs);
  Settings settings() const;
  /// `call` runs once, when the first frame stands on the screen.
  void when_first_drawn(std::function<void()> call) { first_drawn_ = std::move(call); }
  /// `call` runs once, when a curve of a few points stands there, or none did for a while.
  void when_curve_drawn(std::function<void()> call) { curve_drawn_ = std::move(call); }
  const std::optional<WindowMeasure>& measured() const { return measure_goal_; }

 private:
  bool time_to_draw(double now) const { return now >= next_frame_ && (frames_left_ > 0 || dirty_); }
  bool curve_stands(double now) const {
    return runs_->view().history->evaluations().size() >= kCurvePoints || now > kLongestWithoutCurve_s;
  }
  /// From one frame of nothing but news to the next, in costs of a frame. A training that runs flat out goes
  /// first; one that rests between its steps leaves room for smoother pictures.
  double frames_apart() const { return trainer_load_.share() > 0.5 ? 3.0 : 1.5; }
  void wait();
  void draw();
  void keys(const WindowInput& input);
  void perform(Actions actions);
  void perform_one(const Action& action);
  void restart(const RunConfig& config, std::vector<Event> scripted);
  void open_path(const std::string& path);
  void show(DroppedFile file, const std::string& path);
  void write_later(std::string run_path, std::vector<FileToWrite> files, std::string said);
  void save_all();
  void save_chart(const SaveChart& what);
  void toggle_landscape();
  void say(std::string text, bool error = false) { add_toast(view_, glfwGetTime(), std::move(text), error); }
  double scale() const { return window_->content_scale() * view_.zoom; }
  void after_new_run();

  WindowOptions options_;
  std::unique_ptr<GlfwWindow> window_;
  ImGuiHost host_;
  std::shared_ptr<std::atomic<bool>> news_;
  BackgroundWork* files_;
  const Interrupt* interrupt_;
  std::unique_ptr<SceneRenderer> renderer_;
  std::unique_ptr<SceneQueue> queue_;
  MeasureText measure_;
  RunHolder* runs_ = nullptr;
  Dashboard dashboard_;
  ViewState view_;
  LiveFields live_;
  std::string last_error_;
  std::function<void()> first_drawn_, curve_drawn_;
  std::optional<WindowMeasure> measure_goal_;
  TrainerLoad trainer_load_;
  double next_frame_ = 0.0, wake_at_ = 0.0;
  int frames_left_ = kFramesAfterInput;
  bool dirty_ = true, quit_ = false;
};

Status Window::prepare(RunHolder& runs, const Settings& settings) {
  runs_ = &runs;
  apply_settings(settings, view_);
  if (const Theme* wanted = find_theme(options_.theme)) view_.theme = wanted->kind;
  Result<SceneRenderer> renderer = SceneRenderer::create();
  if (!renderer) return renderer.error();
  renderer_ = std::make_unique<SceneRenderer>(std::move(*renderer));
  queue_ = std::make_unique<SceneQueue>(*renderer_);
  measure_ = renderer_->measure();
  return {};
}

Settings Window::settings() const {
  int width = 0, height = 0;
  window_->windowed_size(width, height);
  const float content = window_->content_scale();
  return settings_of(view_, static_cast<int>(static_cast<float>(width) / content),
                     static_cast<int>(static_cast<float>(height) / content));
}

/// Sleeps until there is a reason to look: input, news from the trainer, a tooltip that is due, the next
/// frame's turn.
void Window::wait() {
  const double now = glfwGetTime();
  const bool pending = frames_left_ > 0 || dirty_;
  const double until = pending ? next_frame_ : wake_at_;
  const double seconds = std::clamp(until - now, 0.0, kLongSleep);
  if (seconds > 0.0)
    glfwWaitEventsTimeout(seconds);
  else
    glfwPollEvents();
  if (news_->load()) dirty_ = true;
  if (glfwGetTime() >= wake_at_) frames_left_ = std::max(frames_left_, 1);
}

void Window::keys(const WindowInput& input) {
  if (input.mouse_pressed) view_.keyboard_mode = false;
  const bool typing = ImGui::GetIO().WantTextInput;
  Actions actions;
  const RunView run = runs_->view();
  for (const Chord& chord : input.chords) {
    if (belongs_to_widgets(chord, typing, view_.keyboard_mode)) continue;
    if (const ShortcutEntry* entry = shortcut_of(chord))
      apply_shortcut(*entry, run, view_, actions, dashboard_.tiles());
  }
  if (input.question_mark && !typing) view_.help_open = !view_.help_open;
  perform(std::move(actions));
}

void Window::draw() {
  int width = 0, height = 0, framebuffer_width = 0, framebuffer_height = 0;
  window_->sizes(width, height, framebuffer_width, framebuffer_height);
  if (framebuffer_width <= 0 || framebuffer_height <= 0) return;
  host_.set_look(theme(view_.theme), static_cast<float>(scale()));
  const float ratio = static_cast<float>(framebuffer_width) / static_cast<float>(std::max(width, 1));
  queue_->begin_frame(framebuffer_width, framebuffer_height, ratio);
  host_.begin_frame(view_.keyboard_mode);
  DashboardFrame frame;
  frame.width = static_cast<float>(width);
  frame.height = static_cast<float>(height);
  frame.scale = static_cast<float>(scale()) / ratio;
  frame.now_s = glfwGetTime();
  frame.measure = &measure_;
  frame.sink = queue_->sink();
  Actions actions;
  const RunView run = runs_->view();
  const double soon = dashboard_.draw(run, view_, actions, frame);
  const double later = live_.update(view_, *run.config, frame.now_s, actions);
  wake_at_ = frame.now_s + std::clamp(std::min(soon, later), 0.01, kLongSleep);
  const Color back = theme(view_.theme).background;
  glViewport(0, 0, framebuffer_width, framebuffer_height);
  glClearColor(back.r / 255.0f, back.g / 255.0f, back.b / 255.0f, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
  host_.render();
  window_->swap();
  perform(std::move(actions));
}

void Window::loop() {
  while (!window_->should_close() && !quit_ && !interrupt_->requested()) {
    wait();
    const WindowInput input = window_->take_input();
    if (input.any) frames_left_ = kFramesAfterInput;
    keys(input);
    for (const std::string& path : input.dropped) open_path(path);
    const double now = glfwGetTime();
    if (!time_to_draw(now)) continue;
    const bool only_news = frames_left_ == 0;
    news_->store(false);
    files_->deliver();
    runs_->pump(std::chrono::milliseconds(8));
    const Evaluation* last = runs_->view().history->last();
    trainer_load_.seen(now, last == nullptr ? 0.0 : last->elapsed_s);
    if (const std::string& error = runs_->view().status->error; error != last_error_) {
      last_error_ = error;
      if (!error.empty()) say(error, true);
    }
    dirty_ = false;
    frames_left_ = std::max(0, frames_left_ - 1);
    if (!window_->iconified()) draw();
    if (first_drawn_) std::exchange(first_drawn_, nullptr)();
    if (curve_drawn_ && curve_stands(now)) std::exchange(curve_drawn_, nullptr)();
    const double cost = glfwGetTime() - now;
    if (measure_goal_ && measure_goal_->drawn(runs_->view(), cost)) quit_ = true;
    const bool spare = only_news && curve_drawn_ == nullptr;  // the first curve does not wait
    next_frame_ = now + std::max(kFrame, spare ? frames_apart() * cost : cost);
    if (window_->iconified()) next_frame_ = now + 0.1;
  }
}

void Window::after_new_run() {
  dashboard_.tiles().forget();
  renderer_->forget_all();
  view_.scrub_step.reset();
  view_.hover_step.reset();
  view_.draft_edits.clear();
  view_.draft_texts.clear();
  view_.rescale_text.clear();
  view_.typing = {};
  view_.pending.clear();
  last_error_.clear();
  frames_left_ = kFramesAfterInput;
  const std::string& preset = runs_->view().config->preset;
  window_->set_title("Grokscope" + (preset.empty() ? std::string() : " · " + preset));
}

void Window::restart(const RunConfig& config, std::vector<Event> scripted) {
  dashboard_.tiles().forget();
  const double speed = speed_choices()[static_cast<std::size_t>(view_.speed_index)].steps_per_second;
  const Status started = runs_->start(config, "", speed, std::move(scripted));
  if (!started)
    say(started.error().message, true);
  else
    after_new_run();
}

void Window::show(DroppedFile file, const std::string& path) {
  if (auto* recorded = std::get_if<OpenedRun>(&file)) {
    dashboard_.tiles().forget();
    const std::vector<std::string> repairs = std::move(recorded->repairs);
    runs_->show_recorded(std::move(*recorded), path);
    after_new_run();
    say("Looking at the recorded run " + path);
    tell_repairs(repairs);
  } else if (auto* picture = std::get_if<ReopenedPicture>(&file)) {
    restart(picture->config, std::move(picture->events));
    say("Running again what this picture shows: same settings, same seed, same interventions.");
  } else {
    restart(std::get<RunConfig>(file), {});
  }
}

void Window::open_path(const std::string& path) {
  files_->add<Result<DroppedFile>>(
      "open it", [path] { return read_dropped(path); },
      [this, path](Result<DroppedFile> file) {
        if (file)
          show(std::move(*file), path);
        else
          say(file.error().message, true);
      });
}

/// Writes what was drawn already into the folder of the run; the disk may take its time.
void Window::write_later(std::string run_path, std::vector<FileToWrite> files, std::string said) {
  files_->add<Status>(
      "save it",
      [run_path = std::move(run_path), files = std::move(files)]() -> Status {
        for (const FileToWrite& file : files) {
          if (Status written = write_run_file(run_path, file.name, file.bytes); !written) return written;
        }
        return {};
      },
      [this, said = std::move(said)](const Status& saved) {
        say(saved ? said : saved.error().message, !saved);
      });
}

void Window::tell_repairs(const std::vector<std::string>& repairs) {
  if (repairs.empty()) return;
  std::string all;
  for (const std::string& repair : repairs) all += (all.empty() ? "This run is damaged: " : "; ") + repair;
  say(all, true);
}

void Window::save_all() {
  const RunView run = runs_->view();
  if (run.run_path.empty() || run.history->last() == nullptr)
    return say("There is nothing to save yet.", true);
  const std::int64_t step = shown_step(run, view_);
  int width = 0, height = 0, framebuffer_width = 0, framebuffer_height = 0;
  window_->sizes(width, height, framebuffer_width, framebuffer_height);
  const std::string picture = "dashboard_step_" + std::to_string(step) + ".png";
  const PictureRequest request{framebuffer_width, framebuffer_height, static_cast<float>(scale()), "", ""};
  Result<std::string> bytes = picture_bytes_with(*renderer_, run, view_, request, PictureFormat::png);
  if (!bytes) return say(bytes.error().message, true);
  write_later(
      run.run_path,
      {{"snapshot.json", run_snapshot_text(run, step, runs_->started_utc())}, {picture, std::move(*bytes)}},
      "Saved snapshot.json and " + picture + " in " + run.run_path);
}

void Window::save_chart(const SaveChart& what) {
  const RunView run = runs_->view();
  if (run.run_path.empty()) return say("This run has no folder to save into.", true);
  const std::string name =
      what.chart + "_step_" + std::to_string(shown_step(run, view_)) + (what.svg ? ".svg" : ".png");
  const Panel* panel = find_panel(what.panel);
  PictureRequest request{panel != nullptr && panel->square ? 640 : 960, 600, 1.0f, what.panel, what.chart};
  if (!what.svg) {
    request.width *= 2;
    request.height *= 2;
    request.scale = 2.0f;
  }
  Result<std::string> bytes =
      picture_bytes_with(*renderer_, run, view_, request, what.svg ? PictureFormat::svg : PictureFormat::png);
  if (!bytes) return say(bytes.error().message, true);
  write_later(run.run_path, {{name, std::move(*bytes)}}, "Saved " + run.run_path + "/" + name);
}

void Window::toggle_landscape() {
  if (const Status toggled = runs_->toggle_landscape(); !toggled) say(toggled.error().message, true);
}

void Window::perform_one(const Action& action) {
  if (const auto* command = std::get_if<SendCommand>(&action))
    runs_->send(command->command);
  else if (const auto* again = std::get_if<Restart>(&action))
    restart(again->config, {});
  else if (std::holds_alternative<SaveAll>(action))
    save_all();
  else if (const auto* chart = std::get_if<SaveChart>(&action))
    save_chart(*chart);
  else if (std::holds_alternative<ToggleLandscape>(action))
    toggle_landscape();
  else if (std::holds_alternative<ToggleFullScreen>(action))
    window_->toggle_full_screen();
  else if (std::holds_alternative<Quit>(action))
    quit_ = true;
  else if (const auto* copy = std::get_if<CopyText>(&action)) {
    glfwSetClipboardString(window_->handle(), copy->text.c_str());
    say(copy->said);
  }
}

void Window::perform(Actions actions) {
  if (actions.empty()) return;
  frames_left_ = kFramesAfterInput;
  for (const Action& action : actions) perform_one(action);
}

struct GlfwLibrary {
  bool ready = glfwInit() == GLFW_TRUE;
  ~GlfwLibrary() {
    if (ready) glfwTerminate();
  }
};

/// Before there is a window that could wait for it. What was left out or mended, one sentence each.
Result<std::vector<std::string>> show_recorded(RunHolder& runs, const std::string& path) {
  Result<DroppedFile> file = read_dropped(path);
  if (!file) return file.error();
  auto* recorded = std::get_if<OpenedRun>(&*file);
  if (recorded == nullptr) return failure("this is not the folder of a run: " + path);
  std::vector<std::string> repairs = std::move(recorded->repairs);
  runs.show_recorded(std::move(*recorded), path);
  return repairs;
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
  std::vector<std::string> repairs;
  if (options.recorded_run.empty()) {
    const Status started = runs.start(config, options.out, speed, options.trainer.scripted,
                                      {first_frame.get_future().share(), first_curve.get_future().share()});
    if (!started) return report(started.error());
  } else {
    auto shown = show_recorded(runs, options.recorded_run);
    if (!shown) return report(shown.error());
    repairs = std::move(*shown);
  }
  auto opened = GlfwWindow::open(settings.width, settings.height,
                                 "Grokscope" + (config.preset.empty() ? "" : " · " + config.preset));
  if (!opened) return report(opened.error());
  std::optional<Window> window(std::in_place, options, std::move(*opened), news, files, interrupt);
  window->when_first_drawn([&first_frame] { first_frame.set_value(); });
  window->when_curve_drawn([&first_curve] { first_curve.set_value(); });
  if (Status ready = window->prepare(runs, settings); !ready) return report(ready.error());
  window->tell_repairs(repairs);
  window->loop();
  Settings next_time = window->settings();
  const std::optional<WindowMeasure> measured = window->measured();
  window.reset();  // from here on the disk may be waited for
  if (options.remember) {
    if (options.full_speed && next_time.speed_index == settings.speed_index)
      next_time.speed_index = remembered_speed;
    if (const Status saved = save_settings(settings_path(), next_time); !saved) report(saved.error());
  }
  if (measured) std::printf("%s\n", measured->json().c_str());
  return 0;
}

}  // namespace grokscope
