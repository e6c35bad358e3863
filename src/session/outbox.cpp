#include "session/outbox.h"

#include <string>
#include <utility>

namespace grokscope {
namespace {

bool replaces(const Command& newer, const Command& older) {
  if (newer.index() != older.index()) return false;
  if (const auto* change = std::get_if<Intervention>(&newer)) {
    const std::string subject = subject_of(*change);
    return !subject.empty() && subject == subject_of(std::get<Intervention>(older));
  }
  return std::holds_alternative<SetSpeed>(newer);
}

}  // namespace

void Outbox::add(Command command) {
  if (!waiting_.empty() && replaces(command, waiting_.back())) {
    waiting_.back() = std::move(command);
  } else {
    waiting_.push_back(std::move(command));
  }
}

void Outbox::send_to(BoundedQueue<Command>& queue) {
  while (!waiting_.empty() && queue.try_push(waiting_.front())) waiting_.pop_front();
}

}  // namespace grokscope
