#include "app/run_holder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "app/pictures.h"
#include "base/child_process.h"
#include "base/threads.h"
#include "base/utc_time.h"
#include "config/fields.h"
#include "history/forecast.h"

namespace grokscope {

RunHolder::~RunHolder() {
  retire();
  for (const auto& session : ending_) session->request_stop();
}

void RunHolder::retire() {
  if (session_ == nullptr) return;
  session_->request_stop();
  ending_.push_back(std::move(session_));
}

namespace {

/// The seed and what is about the record aside.
bool same_training(const RunConfig& one, const RunConfig& other) {
  for (const Field& field : fields()) {
    const bool matters = field.name != "seed" && field.name != "train.steps";
    if (matters && field.get(one) != field.get(other)) return false;
  }
  return true;
}

}  // namespace

/// A run that is started again keeps its number of threads: another one sums in another order, and the same
/// seed would not give the same run. 0: it is chosen anew.
int RunHolder::threads_of_next(const RunConfig& next) const {
  if (trainer_.threads > 0 || session_ == nullptr || !session_->facts()) return trainer_.threads;
  const int before = session_->facts()->threads;
  const bool kept = same_training(shown_history().config(), next) && check_thread_count(before);
  return kept ? before : trainer_.threads;
}

SessionOptions RunHolder::options_of_next(double steps_per_second) const {
  SessionOptions options;
  options.trainer = trainer_;
  options.trainer.steps_per_second = steps_per_second;
  options.disk_patience = std::chrono::hours(24 * 365);  // whoever looks at it can make room
  options.wake = wake_;
  options.calibration = std::make_shared<const Calibration>(load_calibration());
  return options;
}

Status RunHolder::go_on(ContinuedRun run, const std::string& path, double steps_per_second) {
  started_utc_ = run.run.provenance.started_utc;
  SessionOptions options = options_of_next(steps_per_second);
  options.trainer.scripted.clear();  // the record has them
  Result<std::unique_ptr<Session>> session = Session::go_on(std::move(run), path, std::move(options));
  if (!session) return session.error();
  retire();
  session_ = std::move(*session);
  learned_ = false;
  return {};
}

Status RunHolder::start(const RunConfig& config, const std::string& run_path, double steps_per_second,
                        std::vector<Event> scripted, LoadTimes load) {
  SessionOptions options = options_of_next(steps_per_second);
  options.trainer.threads = threads_of_next(config);
  options.trainer.scripted = std::move(scripted);
  options.run_path = run_path;
  options.load = std::move(load);
  Result<std::unique_ptr<Session>> session = Session::start(config, std::move(options));
  if (!session) return session.error();
  others_ = ghosts_of_next(session_ != nullptr ? &shown_history() : nullptr, others_, config);
  retire();
  session_ = std::move(*session);
  learned_ = false;
  started_utc_ = utc_now();
  return {};
}

void RunHolder::show_recorded(OpenedRun run, const std::string& path) {
  started_utc_ = run.provenance.started_utc;
  retire();
  others_.clear();
  session_ = Session::recorded(std::move(run), path);
}

namespace {

constexpr std::int64_t kLandscapeSteps = 10'000;  // Omnigrok's

/// Omnigrok's grid for its teacher and student: 11 spheres from a tenth to ten times the usual norm.
LandscapePlan plan_for(const RunConfig& config) {
  return {config, log_spaced(0.1, 10.0, 11), {0}, std::min(config.train.steps, kLandscapeSteps)};
}

}  // namespace

const History& RunHolder::shown_history() const {
  return session_->history();
}

/// A folder that cannot be written shows it all the same.
void RunHolder::add(FramePtr frame) {
  session_->add(frame);
  if (session_->live()) return;
  files_->add<Status>(
      "keep the landscape",
      [path = session_->run_path(), frame = std::move(frame)] { return add_frame(path, *frame); },
      [](const Status&) {});
}

Status RunHolder::toggle_landscape() {
  if (landscape_ != nullptr && !landscape_->ended()) {
    landscape_->cancel();
    return {};
  }
  const LandscapePlan plan = plan_for(shown_history().config());
  if (Status valid = validate(plan); !valid) return valid;
  std::optional<Landscape> begun;
  if (const FramePtr frame = shown_history().latest_at("landscape", 0)) begun = landscape_from(*frame, plan);
  landscape_ = std::make_unique<LandscapeJob>(begun ? std::move(*begun) : Landscape(plan),
                                              LandscapeJobOptions{.program = this_program(), .wake = wake_});
  landscape_shown_in_ = nullptr;
  return {};
}

/// Carries what the job knows into the history of the shown run; true if that is news.
bool RunHolder::show_landscape() {
  if (landscape_ == nullptr) return false;
  const bool starting = session_->status().state == RunState::starting;
  if (starting) return false;  // its folder does not exist yet
  const History& history = shown_history();
  if (text_of(plan_for(history.config())) != text_of(landscape_->plan())) {  // another experiment
    landscape_->cancel();
    if (landscape_->ended()) landscape_.reset();
    return false;
  }
  const std::size_t done = landscape_->done();
  const bool over = landscape_->ended();
  if (landscape_shown_in_ == &history && landscape_shown_ == done && landscape_over_ == over) return false;
  landscape_shown_in_ = &history;
  landscape_shown_ = done;
  landscape_over_ = over;
  Frame frame = frame_of(landscape_->landscape());
  if (over && done < landscape_->landscape().cells.size()) frame.texts["state"] = "stopped";
  if (const Status status = landscape_->status(); !status) frame.texts["state"] = status.error().message;
  add(std::make_shared<const Frame>(std::move(frame)));
  return true;
}

/// Once, when it has ended by itself: so that forecasts for runs like it get better.
void RunHolder::learn_from_ended() {
  if (learned_ || session_ == nullptr || !session_->live() || session_->status().state != RunState::stopped)
    return;
  learned_ = true;
  const std::string& stopped = session_->status().stopped;
  if (stopped != "steps" && stopped != "until") return;
  if (shown_history().series("entropy.spectral") == nullptr) return;
  files_->add<Status>(
      "remember how the run went", [run = past_run_of(shown_history())] { return learn_from(run); },
      [](const Status&) {});
}

bool RunHolder::pump(std::chrono::microseconds budget) {
  learn_from_ended();
  const bool landscape_news = show_landscape();
  for (auto& old : ending_) {
    old->pump(std::chrono::milliseconds(1));
    if (old->at_rest()) old.reset();  // its disk may be slow: this thread does not wait for it
  }
  ending_.erase(std::remove(ending_.begin(), ending_.end(), nullptr), ending_.end());
  return (session_ != nullptr && session_->pump(budget)) || landscape_news;
}

void RunHolder::send(Command command) {
  if (session_ != nullptr) session_->send(std::move(command));
}

RunView RunHolder::view() const {
  RunView view = view_of(*session_);
  view.others = others_;
  return view;
}

}  // namespace grokscope
