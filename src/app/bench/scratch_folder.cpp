#include "app/bench/scratch_folder.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

namespace grokscope::bench {
namespace fs = std::filesystem;

Result<ScratchFolder> ScratchFolder::make() {
  std::error_code error;
  const fs::path temporary = fs::temp_directory_path(error);
  std::string pattern = (error ? fs::path("/tmp") : temporary).string() + "/grokscope-bench-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    return failure("cannot make a temporary folder; set TMPDIR to one that can be written: " + pattern);
  return ScratchFolder(std::move(pattern));
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

ScratchFolder& ScratchFolder::operator=(ScratchFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace grokscope::bench
