// WorkFolder: a folder in the cache for one call that needs one (a sweep whose results nobody asked for),
// gone when it is destroyed; one that a killed process left goes when the next is made. Any thread.
#pragma once

#include <string>
#include <utility>

#include "base/descriptor.h"
#include "base/result.h"

namespace grokscope {

class WorkFolder {
 public:
  static Result<WorkFolder> make();
  WorkFolder(WorkFolder&& other) noexcept;
  WorkFolder& operator=(WorkFolder&&) = delete;
  ~WorkFolder();
  const std::string& path() const { return path_; }

 private:
  WorkFolder(std::string path, Descriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;  ///< "": nothing to remove
  Descriptor lock_;   ///< flock(2): somebody works there
};

}  // namespace grokscope
