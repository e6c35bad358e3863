// The list; each maker stands in a file of its own in this folder. A new task is such a file, its line in
// both parts of this one, and its row in config/task_kinds.cpp.
#include "data/tasks/task_makers.h"

namespace grokscope {

Result<Examples> modular_examples(const TaskConfig& task, std::uint64_t seed);
Result<Examples> s5_examples(const TaskConfig& task, std::uint64_t seed);
Result<Examples> formula_examples(const TaskConfig& task, std::uint64_t seed);
Result<Examples> table_examples(const TaskConfig& task, std::uint64_t seed);
Result<Examples> image_examples(const TaskConfig& task, std::uint64_t seed);
Result<Examples> teacher_student_examples(const TaskConfig& task, std::uint64_t seed);
Result<Examples> sparse_parity_examples(const TaskConfig& task, std::uint64_t seed);
Result<Examples> mnist1d_examples(const TaskConfig& task, std::uint64_t seed);
Result<Examples> addition_examples(const TaskConfig& task, std::uint64_t seed);
Result<Examples> text_examples(const TaskConfig& task, std::uint64_t seed);
Result<Examples> molecule_examples(const TaskConfig& task, std::uint64_t seed);

std::span<const TaskMaker> task_makers() {
  static constexpr TaskMaker kMakers[] = {
      {"modular", modular_examples},
      {"s5", s5_examples},
      {"formula", formula_examples},
      {"table", table_examples},
      {"images", image_examples},
      {"teacher_student", teacher_student_examples},
      {"sparse_parity", sparse_parity_examples},
      {"mnist1d", mnist1d_examples},
      {"addition", addition_examples},
      {"text", text_examples},
      {"molecules", molecule_examples},
  };
  return kMakers;
}

const TaskMaker* find_task_maker(std::string_view kind) {
  for (const TaskMaker& maker : task_makers()) {
    if (maker.kind == kind) return &maker;
  }
  return nullptr;
}

}  // namespace grokscope
