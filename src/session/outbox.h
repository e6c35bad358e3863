// Outbox: commands on their way to the trainer, so that the main thread never waits for room. Main thread.
#pragma once

#include <deque>

#include "base/bounded_queue.h"
#include "contract/command.h"

namespace grokscope {

class Outbox {
 public:
  /// A newer value of the same setting replaces one that has not left yet (a slider in motion).
  void add(Command command);
  void send_to(BoundedQueue<Command>& queue);

 private:
  std::deque<Command> waiting_;
};

}  // namespace grokscope
