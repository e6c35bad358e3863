// RecordLines: metrics.jsonl, events.jsonl and scalars.jsonl of a run that is being written. Lines that the
// disk does not take wait here in order, so that no file ever gets a gap. Not: how long to wait. Writer
// thread.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <string>

#include "base/files.h"

namespace grokscope {

enum class RecordFile { metrics, events, scalars };

class RecordLines {
 public:
  RecordLines(LineFile metrics, LineFile events, LineFile scalars);
  void add(RecordFile file, std::string line);
  /// Appends what waits, oldest first, until one fails: 0, or its errno.
  int write();
  std::size_t waiting() const { return waiting_.size(); }
  /// What to tell of the errno that write() gave.
  Error error(int error_number) const;
  /// Until all that was written is on the disk: 0, or an errno.
  int sync();

 private:
  struct Line {
    RecordFile file;
    std::string text;
  };
  LineFile& file_of(RecordFile file) { return files_[static_cast<std::size_t>(file)]; }

  std::array<LineFile, 3> files_;
  std::deque<Line> waiting_;
};

}  // namespace grokscope
