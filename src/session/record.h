// Record: the run folder of a live run, or nothing. Made only when the run is known to work. Main thread,
// which never waits here but in flush() and the destructor.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "contract/ports.h"
#include "history/run_folder.h"

namespace grokscope {

class Record {
 public:
  /// Begins to make the folder; report() says what became of it. Nothing is made where a run has no room.
  void open(WriterOptions options, const RunConfig& config, const RunFacts& facts,
            const std::optional<ForkPoint>& forked);
  bool is_open() const { return writer_ != nullptr; }

  template <typename What>
  void write(What what) {
    if (writer_) writer_->write(std::move(what));
  }
  /// A write would not wait.
  bool has_room() const { return !writer_ || writer_->has_room(); }
  bool idle() const { return !writer_ || writer_->idle(); }
  void begin_flush();
  void flush();
  void limit_waiting(std::chrono::milliseconds longest);
  WriterReport report() const;

 private:
  std::unique_ptr<RunFolderWriter> writer_;
};

}  // namespace grokscope
