// The list of what makes the examples of each task.kind. Torch-free. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "data/tasks/examples.h"

namespace grokscope {

struct TaskMaker {
  std::string_view kind;  ///< of a row of config/task_kinds.h
  /// What a task draws comes from streams of the run's seed.
  Result<Examples> (*make)(const TaskConfig& task, std::uint64_t seed);
};

std::span<const TaskMaker> task_makers();
/// nullptr if there is none for that kind.
const TaskMaker* find_task_maker(std::string_view kind);

}  // namespace grokscope
