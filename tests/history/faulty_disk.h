// FaultyDisk: while it lives, system calls of this test program first ask the test, which may let them fail,
// wait or be counted. The calls are interposed: faulty_disk.cpp is linked into the test program. At most one
// at a time.
#pragma once

#include <functional>
#include <string>

namespace grokscope {

class FaultyDisk {
 public:
  /// `call` is "write", "mkdir", "fdatasync" or "rename"; `path` what it is about (of a rename, the new
  /// name). The errno to fail with; 0: the call goes on. Any thread; may throw for "write".
  using Ask = std::function<int(const std::string& call, const std::string& path)>;
  explicit FaultyDisk(Ask ask);
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;
};

}  // namespace grokscope
