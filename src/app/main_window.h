// Window: what one window of the program does from frame to frame: input, news, drawing, what a person asked
// for. Not how the program opens and closes it (window.h). Main thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/background_work.h"
#include "app/dropped_file.h"
#include "app/glfw_window.h"
#include "app/imgui_host.h"
#include "app/input.h"
#include "app/interrupt.h"
#include "app/run_holder.h"
#include "app/scene_queue.h"
#include "app/settings.h"
#include "app/sweep_holder.h"
#include "app/theory_holder.h"
#include "app/trainer_load.h"
#include "app/window.h"
#include "app/window_measure.h"
#include "ui/live_fields.h"

namespace grokscope {

class Window {
 public:
  Window(const WindowOptions& options, std::unique_ptr<GlfwWindow> window,
         std::shared_ptr<std::atomic<bool>> news, BackgroundWork& files, const Interrupt& interrupt);

  Status prepare(RunHolder& runs, const Settings& settings);
  void loop();
  /// What was left out when the shown run was opened, if anything.
  void tell_repairs(const std::vector<std::string>& repairs);
  /// Whatever lies there (dropped_file.h), once it has been read.
  void open_path(const std::string& path);
  /// Of a recorded run: an earlier step than its last.
  void look_at(std::int64_t step);
  Settings settings() const;
  /// Opens the panel Theory.
  void show(const ShowStudy& study);
  /// Trains a plan of the program behind the run.
  void begin(const StartSweep& sweep) { begin_sweep(sweep); }
  /// `call` runs once, when the first frame stands on the screen.
  void when_first_drawn(std::function<void()> call) { first_drawn_ = std::move(call); }
  /// `call` runs once, when a curve of a few points stands there, or none did for a while.
  void when_curve_drawn(std::function<void()> call) { curve_drawn_ = std::move(call); }
  const std::optional<WindowMeasure>& measured() const { return measure_goal_; }

 private:
  struct FileToWrite {
    std::string name, bytes;
  };
  bool time_to_draw(double now) const { return now >= next_frame_ && (frames_left_ > 0 || dirty_); }
  bool curve_stands(double now) const;
  double frames_apart() const;
  void wait();
  void draw();
  void keys(const WindowInput& input);
  void perform(Actions actions);
  void perform_one(const Action& action);
  void restart(const RunConfig& config, std::vector<Event> scripted, bool from_form = false);
  void start_now(const RunConfig& config, std::vector<Event> scripted, bool from_form);
  void refuse(const Error& error, bool from_form);
  void train_on();
  void show(DroppedFile file);
  void show_sweep(DroppedSweep sweep);
  void look_around_for_sheet();
  void remember_run();
  void write_later(std::string run_path, std::vector<FileToWrite> files, std::string said);
  void save_all();
  void save_chart(const SaveChart& what);
  void toggle_landscape();
  RunView shown() const;
  void begin_sweep(const StartSweep& what);
  void begin_sweep(SweepPlan plan, const std::string& name);
  void toggle_sweep();
  void open_sweep_run(std::size_t run);
  void train_sweep_run(std::size_t run);
  bool pump_sweep();
  void look_at_awaited_step();
  void say(std::string text, bool error = false);
  void say(Toast toast);
  double scale() const;
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
  SweepHolder sweeps_;
  TheoryHolder theory_;
  // To look at, once the shown run is there; of the run that is to be shown next.
  std::optional<std::int64_t> awaited_step_, next_awaited_step_;
  Dashboard dashboard_;
  ViewState view_;
  LiveFields live_;
  std::string last_error_;
  std::string remembered_run_;  // the newest of view_.recent
  bool goes_on_ = false;        // a record is being prepared to go on
  std::function<void()> first_drawn_, curve_drawn_;
  std::optional<WindowMeasure> measure_goal_;
  TrainerLoad trainer_load_;
  double next_frame_ = 0.0, wake_at_ = 0.0;
  int frames_left_ = 0;
  bool dirty_ = true, quit_ = false;
};

}  // namespace grokscope
