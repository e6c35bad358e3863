#include "app/main_window.h"

#include <GL/gl.h>
#include <GLFW/glfw3.h>
#include <imgui.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "app/pictures.h"
#include "history/run_files.h"
#include "ui/overlays.h"
#include "ui/theory_choice.h"

namespace grokscope {
namespace {

constexpr double kFrame = 1.0 / 60.0;
constexpr int kFramesAfterInput = 3;
constexpr std::size_t kCurvePoints = 5;         // with its first phase: every kind of mark was drawn
constexpr double kLongestWithoutCurve_s = 5.0;  // a slow step: let the probes show something meanwhile
constexpr double kLongSleep = 30.0;

}  // namespace

Window::Window(const WindowOptions& options, std::unique_ptr<GlfwWindow> window,
               std::shared_ptr<std::atomic<bool>> news, BackgroundWork& files, const Interrupt& interrupt)
    : options_(options),
      window_(std::move(window)),
      host_(window_->handle()),
      news_(std::move(news)),
      files_(&files),
      interrupt_(&interrupt),
      sweeps_([news = news_] {
        if (!news->exchange(true)) glfwPostEmptyEvent();
      }),
      theory_([news = news_] {
        if (!news->exchange(true)) glfwPostEmptyEvent();
      }),
      frames_left_(kFramesAfterInput) {
  if (options_.measure) measure_goal_.emplace(*options_.measure);
}

bool Window::curve_stands(double now) const {
  return runs_->view().history->evaluations().size() >= kCurvePoints || now > kLongestWithoutCurve_s;
}

/// From one frame of nothing but news to the next, in costs of a frame. A training that runs flat out goes
/// first; one that rests between its steps leaves room for smoother pictures.
double Window::frames_apart() const {
  return trainer_load_.share() > 0.5 ? 3.0 : 1.5;
}

void Window::say(Toast toast) {
  add_toast(view_, glfwGetTime(), std::move(toast));
}

/// An error can be copied; of one that is mended by a command, the command.
void Window::say(std::string text, bool error) {
  Toast toast;
  toast.error = error;
  const std::size_t command = text.find("scripts/fetch-data ");
  if (error && command != std::string::npos) {
    toast.copies = text.substr(command, text.find_first_of(",;: \n", text.find(' ', command) + 1) - command);
    toast.copy_label = "Copy the command";
  } else if (error) {
    toast.copies = text;
    toast.copy_label = "Copy";
  }
  toast.text = std::move(text);
  say(std::move(toast));
}

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

/// Of everything that is drawn, in pixels of the framebuffer.
double Window::scale() const {
  int width = 0, height = 0, framebuffer_width = 0, framebuffer_height = 0;
  window_->sizes(width, height, framebuffer_width, framebuffer_height);
  return zoomed_scale(theme(view_.theme), framebuffer_width, framebuffer_height, window_->content_scale(),
                      view_.zoom);
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
  const RunView run = shown();
  for (const Chord& chord : input.chords) {
    if (belongs_to_widgets(chord, typing, view_.keyboard_mode)) continue;
    if (const ShortcutEntry* entry = shortcut_of(chord))
      apply_shortcut(*entry, run, view_, actions, dashboard_.tiles());
  }
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
  const RunView run = shown();
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
    pump_sweep();
    theory_.pump(runs_->view(), view_);
    look_at_awaited_step();
    remember_run();
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

/// Writes what was drawn already into the folder of the run; the disk may take its time.
void Window::write_later(std::string run_path, std::vector<FileToWrite> files, std::string said) {
  const std::string where = run_path;
  files_->add<Status>(
      "save it",
      [run_path = std::move(run_path), files = std::move(files)]() -> Status {
        for (const FileToWrite& file : files) {
          if (Status written = write_run_file(run_path, file.name, file.bytes); !written) return written;
        }
        return {};
      },
      [this, said = std::move(said), where](const Status& saved) {
        if (!saved) return say(saved.error().message, true);
        Toast toast;
        toast.text = said;
        toast.copies = where;
        toast.copy_label = "Copy the folder's path";
        say(std::move(toast));
      });
}

void Window::tell_repairs(const std::vector<std::string>& repairs) {
  if (repairs.empty()) return;
  std::string all;
  for (const std::string& repair : repairs) all += (all.empty() ? "This run is damaged: " : "; ") + repair;
  say(all, true);
}

void Window::save_all() {
  const RunView run = shown();
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
  const RunView run = shown();
  if (run.run_path.empty()) return say("This run has no folder to save into.", true);
  const std::string name = what.chart + "_step_" + std::to_string(shown_step(run, view_)) +
                           (what.window_look ? "_window" : "") + (what.svg ? ".svg" : ".png");
  const Panel* panel = find_panel(what.panel);
  PictureRequest request{panel != nullptr && panel->square ? 640 : 960, 600, 1.0f, what.panel, what.chart};
  ViewState view = view_;
  if (!what.window_look) {
    view.theme = ThemeKind::light;
    request.look = PictureLook::paper;
    request.trimmed = true;
  }
  if (!what.svg) {
    request.width *= 2;
    request.height *= 2;
    request.scale = 2.0f;
  }
  Result<std::string> bytes =
      picture_bytes_with(*renderer_, run, view, request, what.svg ? PictureFormat::svg : PictureFormat::png);
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
    restart(again->config, {}, again->from_form);
  else if (std::holds_alternative<TrainOn>(action))
    train_on();
  else if (const auto* open = std::get_if<OpenPath>(&action))
    open_path(open->path);
  else if (std::holds_alternative<LookAround>(action))
    look_around_for_sheet();
  else if (std::holds_alternative<SaveAll>(action))
    save_all();
  else if (const auto* chart = std::get_if<SaveChart>(&action))
    save_chart(*chart);
  else if (std::holds_alternative<ToggleLandscape>(action))
    toggle_landscape();
  else if (const auto* sweep = std::get_if<StartSweep>(&action))
    begin_sweep(*sweep);
  else if (std::holds_alternative<ToggleSweep>(action))
    toggle_sweep();
  else if (const auto* one = std::get_if<OpenSweepRun>(&action))
    open_sweep_run(one->run);
  else if (const auto* choose = std::get_if<Choose>(&action))
    view_.choices.set(choose->choice, choose->option);
  else if (const auto* study = std::get_if<ShowStudy>(&action))
    show(*study);
  else if (std::holds_alternative<FitStudy>(action))
    theory_.fit(runs_->view(), view_);
  else if (std::holds_alternative<ToggleFullScreen>(action))
    window_->toggle_full_screen();
  else if (std::holds_alternative<Quit>(action))
    quit_ = true;
  else if (const auto* copy = std::get_if<CopyText>(&action)) {
    glfwSetClipboardString(window_->handle(), copy->text.c_str());
    say(copy->said);
  }
}

void Window::show(const ShowStudy& study) {
  show_study(view_, study);
  frames_left_ = kFramesAfterInput;
}

void Window::perform(Actions actions) {
  if (actions.empty()) return;
  frames_left_ = kFramesAfterInput;
  for (const Action& action : actions) perform_one(action);
}

}  // namespace grokscope
