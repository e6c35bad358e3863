#include "history/record_lines.h"

#include <utility>

namespace grokscope {

RecordLines::RecordLines(LineFile metrics, LineFile events, LineFile scalars)
    : files_{std::move(metrics), std::move(events), std::move(scalars)} {}

void RecordLines::add(RecordFile file, std::string line) {
  waiting_.push_back({file, std::move(line)});
}

int RecordLines::write() {
  while (!waiting_.empty()) {
    const Line& line = waiting_.front();
    if (const int error_number = file_of(line.file).try_append(line.text); error_number != 0)
      return error_number;
    waiting_.pop_front();
  }
  return 0;
}

Error RecordLines::error(int error_number) const {
  const RecordFile file = waiting_.empty() ? RecordFile::metrics : waiting_.front().file;
  return files_[static_cast<std::size_t>(file)].append_error(error_number);
}

int RecordLines::sync() {
  int first = 0;
  for (LineFile& file : files_) {
    const int error_number = file.sync();
    if (first == 0) first = error_number;
  }
  return first;
}

}  // namespace grokscope
