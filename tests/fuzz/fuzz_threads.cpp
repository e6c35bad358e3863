// Fuzz body: any bytes as the file that remembers numbers of threads; what comes out is one that this machine
// may use.
// module: train
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "train/kernels/thread_choice.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grokscope;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const char* key : {"a", "step | processor x2 | library", ""}) {
    const int workers = remembered_workers(text, key, 4);
    if (workers < 0 || workers > 4) std::abort();
  }
  return 0;
}
