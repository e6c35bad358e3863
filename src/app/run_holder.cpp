#include "app/run_holder.h"

#include <algorithm>
#include <utility>

#include "app/pictures.h"

namespace grokscope {

RunHolder::~RunHolder() {
  retire();
  for (const auto& session : ending_) session->request_stop();
}

void RunHolder::retire() {
  recorded_.reset();
  if (session_ == nullptr) return;
  session_->request_stop();
  ending_.push_back(std::move(session_));
}

Status RunHolder::start(const RunConfig& config, const std::string& run_path, double steps_per_second,
                        std::vector<Event> scripted, std::shared_future<void> load_when) {
  SessionOptions options;
  options.trainer = trainer_;
  options.trainer.steps_per_second = steps_per_second;
  options.trainer.scripted = std::move(scripted);
  options.run_path = run_path;
  options.load_when = std::move(load_when);
  options.wake = wake_;
  Result<std::unique_ptr<Session>> session = Session::start(config, std::move(options));
  if (!session) return session.error();
  retire();
  session_ = std::move(*session);
  started_utc_ = utc_now();
  return {};
}

Status RunHolder::open_recorded(const std::string& path) {
  Result<OpenedRun> run = open_run(path, false);
  if (!run) return run.error();
  if (run->history.last() == nullptr) return failure("nothing was recorded that could be shown: " + path);
  const std::string started = run->provenance.started_utc;
  auto recorded = std::make_unique<RecordedView>(std::move(*run), path);
  retire();
  recorded_ = std::move(recorded);
  started_utc_ = started;
  return {};
}

bool RunHolder::pump(std::chrono::microseconds budget) {
  for (auto& old : ending_) {
    old->pump(std::chrono::milliseconds(1));
    if (old->status().state == RunState::stopped) old.reset();
  }
  ending_.erase(std::remove(ending_.begin(), ending_.end(), nullptr), ending_.end());
  return session_ != nullptr && session_->pump(budget);
}

void RunHolder::send(Command command) {
  if (session_ != nullptr) session_->send(std::move(command));
}

RunView RunHolder::view() const {
  if (recorded_ != nullptr) return recorded_->view();
  return {&session_->history(), &session_->config(),
          &session_->status(),  session_->facts() ? &*session_->facts() : nullptr,
          session_->live(),     session_->run_path()};
}

}  // namespace grokscope
