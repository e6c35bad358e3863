// Record: the run folder of a live run, or nothing. Made only when the run is known to work. Main thread.
#pragma once

#include <memory>
#include <string>

#include "contract/ports.h"
#include "history/run_folder.h"

namespace grokscope {

class Record {
 public:
  /// Makes the folder; an error if there is no room for a run, and then nothing is left behind.
  Status open(const std::string& path, const RunConfig& config, const RunFacts& facts);
  bool is_open() const { return writer_ != nullptr; }

  template <typename What>
  void write(const What& what) {
    if (writer_) writer_->write(what);
  }
  void write_checkpoint(std::int64_t step, TensorFile file);
  void flush();
  Status status() const;

 private:
  std::unique_ptr<RunFolderWriter> writer_;
};

}  // namespace grokscope
