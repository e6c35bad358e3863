// torch_side() of libgrokscope_training.so: loads libgrokscope_torch.so, and LibTorch with it, at the first
// call.
#include <dlfcn.h>

#include <stdexcept>
#include <string>

#include "train/torch_side/torch_side.h"

namespace grokscope {
namespace {

const TorchSide* load_torch_side() {
  // Lazy binding: most of LibTorch's symbols are never called. The handle is kept: its threads may run on.
  void* library = dlopen(kTorchSideFile, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    throw std::runtime_error("cannot load LibTorch: install the program again, with its libraries: " +
                             std::string(why != nullptr ? why : kTorchSideFile));
  }
  using Entry = const TorchSide* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(library, kTorchSideSymbol));
  const TorchSide* side = entry != nullptr ? entry() : nullptr;
  if (side == nullptr || !(side->stamp == library_stamp())) {
    throw std::runtime_error(
        "a library belongs to another version of the program: install the program again: " +
        std::string(kTorchSideFile));
  }
  return side;
}

}  // namespace

const TorchSide& torch_side() {
  static const TorchSide& side = *load_torch_side();  // tried again at the next call if it throws
  side.machine.limit_threads();
  return side;
}

}  // namespace grokscope
