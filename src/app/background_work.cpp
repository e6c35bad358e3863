#include "app/background_work.h"

#include "base/threads.h"

namespace grokscope {

BackgroundWork::BackgroundWork(std::string thread_name, std::function<void()> wake)
    : thread_name_(std::move(thread_name)), wake_(std::move(wake)) {}

BackgroundWork::~BackgroundWork() {
  jobs_.close();
}

void BackgroundWork::push(Job job) {
  ++open_;
  if (!thread_.joinable()) {
    auto started = start_thread(thread_name_, [this] { work(); });
    if (!started) return finish(job);
    thread_ = std::move(*started);
  }
  jobs_.push(std::move(job));
}

void BackgroundWork::work() {
  while (const auto job = jobs_.pop()) finish(*job);
}

void BackgroundWork::finish(const Job& job) {
  ready_.push(job());
  if (wake_) wake_();
}

bool BackgroundWork::deliver() {
  bool any = false;
  while (const auto tell = ready_.try_pop()) {
    --open_;
    any = true;
    (*tell)();
  }
  return any;
}

}  // namespace grokscope
