#include "app/interrupt.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <iterator>

#include "base/threads.h"

namespace grokscope {
namespace {

// A signal handler can reach nothing but a global, on whatever thread it runs.
std::atomic<int> interrupt_requested{0};
std::atomic<int> interrupt_descriptor{-1};
static_assert(std::atomic<int>::is_always_lock_free, "a handler may not wait for a lock");

void announce(int descriptor) {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(descriptor, &one, sizeof one);
}

constexpr int kInterruptSignals[] = {SIGINT, SIGTERM, SIGHUP};

extern "C" void remember_interrupt(int) {
  const int error_number = errno;
  interrupt_requested = 1;
  if (const int descriptor = interrupt_descriptor; descriptor >= 0) announce(descriptor);
  errno = error_number;
}

}  // namespace

Interrupt::Interrupt(std::function<void()> wake, const std::vector<int>& also) {
  interrupt_requested = 0;
  if (wake) descriptor_ = ::eventfd(0, EFD_CLOEXEC);
  if (descriptor_ >= 0) {
    // Without a thread the signal is seen at the next look, whatever that is for.
    auto started = start_thread("signals", [this, wake = std::move(wake)] { wait_for_signal(wake); });
    if (started) thread_ = std::move(*started);
    interrupt_descriptor = descriptor_;
  }
  struct sigaction action {};
  action.sa_handler = remember_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  std::vector<int> signals(std::begin(kInterruptSignals), std::end(kInterruptSignals));
  signals.insert(signals.end(), also.begin(), also.end());
  for (const int signal : signals) {
    struct sigaction before {};
    sigaction(signal, &action, &before);
    if (signal == SIGHUP && before.sa_handler == SIG_IGN) sigaction(SIGHUP, &before, nullptr);
    before_.emplace_back(signal, before);
  }
}

Interrupt::~Interrupt() {
  for (const auto& [signal, before] : before_) sigaction(signal, &before, nullptr);
  interrupt_descriptor = -1;
  if (descriptor_ < 0) return;
  announce(descriptor_);
  if (thread_.joinable()) thread_.join();
  ::close(descriptor_);
}

void Interrupt::wait_for_signal(const std::function<void()>& wake) const {
  std::uint64_t count = 0;
  while (::read(descriptor_, &count, sizeof count) < 0 && errno == EINTR) {
  }
  if (requested()) wake();  // not when it only ends
}

bool Interrupt::requested() const {
  return interrupt_requested != 0;
}

}  // namespace grokscope
