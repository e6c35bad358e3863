#include "claims/claim_checks.h"

#include <algorithm>
#include <utility>

#include "base/threads.h"

namespace grokscope {

ClaimChecks::ClaimChecks(std::vector<const Claim*> claims, ClaimSize size, int jobs,
                         std::function<void(const std::string&)> progress)
    : claims_(std::move(claims)), size_(size), progress_(std::move(progress)) {
  const int wanted = jobs > 0 ? jobs : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  // Claims beside each other rather than the runs of one: some have a single run.
  const int at_once = std::min(wanted, static_cast<int>(claims_.size()));
  for (int i = 0; i < at_once; ++i) {
    auto thread = start_thread("claim", [this, each = std::max(1, wanted / at_once)] { work(each); });
    if (thread) {
      threads_.push_back(std::move(*thread));
    } else if (threads_.empty()) {  // nobody will check any of them
      for (; next_ < claims_.size(); ++next_) finished_.push_back({next_, thread.error()});
    }
    if (!thread) break;
  }
}

ClaimChecks::~ClaimChecks() {
  request_stop();
}

std::optional<FinishedClaim> ClaimChecks::wait(std::chrono::milliseconds budget) {
  std::unique_lock lock(mutex_);
  if (!ended_.wait_for(lock, budget, [this] { return !finished_.empty(); })) return std::nullopt;
  FinishedClaim first = std::move(finished_.front());
  finished_.pop_front();
  return first;
}

void ClaimChecks::request_stop() {
  stop_.request_stop();
}

void ClaimChecks::tell(const std::string& line) {
  const std::lock_guard lock(progress_mutex_);
  if (progress_) progress_(line);
}

void ClaimChecks::work(int workers_each) {
  for (;;) {
    std::size_t place = 0;
    {
      const std::lock_guard lock(mutex_);
      if (next_ >= claims_.size() || stop_.stop_requested()) return;
      place = next_++;
    }
    const std::string name(claims_[place]->name);
    tell(name + ": begins");
    const CheckOptions options{
        size_, workers_each, stop_.get_token(), [&](std::size_t ended, std::size_t all) {
          tell(name + ": " + std::to_string(ended) + " of " + std::to_string(all) + " runs");
        }};
    auto checked = check_claim(*claims_[place], options);
    {
      const std::lock_guard lock(mutex_);
      finished_.push_back({place, std::move(checked)});
    }
    ended_.notify_one();
  }
}

}  // namespace grokscope
