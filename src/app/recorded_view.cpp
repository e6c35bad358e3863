#include "app/recorded_view.h"

#include <utility>

#include "history/interventions.h"

namespace grokscope {
namespace {

std::string stop_reason(const History& history) {
  for (const Event& event : history.events()) {
    if (event.kind == "stopped" && event.detail.contains("reason") && event.detail["reason"].is_string()) {
      return event.detail["reason"].get<std::string>();
    }
  }
  return "interrupted";
}

}  // namespace

std::string task_title(const RunConfig& config) {
  const TaskConfig& task = config.task;
  if (task.kind == "modular" && task.operation.size() == 1) {
    return "a " +
           (task.operation == "-"   ? std::string("−")
            : task.operation == "*" ? std::string("×")
                                    : task.operation) +
           " b mod " + std::to_string(task.modulus);
  }
  if (task.kind == "modular") return task.operation + " mod " + std::to_string(task.modulus);
  if (task.kind == "formula") return task.formula + " mod " + std::to_string(task.modulus);
  if (task.kind == "s5") return "S5 " + task.operation;
  if (task.kind == "teacher_student") return "Teacher and student";
  if (task.kind == "addition") return "a + b of 0 .. " + std::to_string(task.modulus - 1);
  if (task.kind == "text") return "Film reviews";
  if (task.kind == "molecules") return "Molecules";
  return task.kind;
}

RecordedView::RecordedView(OpenedRun run, std::string path)
    : history_(std::move(run.history)), path_(std::move(path)) {
  const Evaluation* last = history_.last();
  const std::int64_t step = last == nullptr ? 0 : last->step;
  config_ = config_at(history_, step);
  status_.state = RunState::stopped;
  status_.step = step;
  status_.stopped = stop_reason(history_);
  facts_.title = task_title(config_);
  facts_.device = run.provenance.device;
  facts_.threads = run.provenance.threads;
  facts_.torch_version = run.provenance.torch_version;
  facts_.blas = run.provenance.blas;
  facts_.engine = run.provenance.engine;
}

Status RecordedView::add(FramePtr frame) {
  const Status written = write_frame(path_, *frame);
  history_.append(std::move(frame));
  return written;
}

RunView RecordedView::view() const {
  return {.history = &history_,
          .config = &config_,
          .status = &status_,
          .facts = &facts_,
          .live = false,
          .run_path = path_};
}

}  // namespace grokscope
