#include "engine/engine.h"

#include <dlfcn.h>

#include <cstring>
#include <string>

#include "base/version.h"

namespace grokscope {

EngineStamp engine_stamp() {
  EngineStamp stamp;
  const std::string_view version = kVersion;
  version.copy(stamp.version, sizeof stamp.version - 1);
  stamp.config_bytes = sizeof(RunConfig);
  stamp.options_bytes = sizeof(TrainerOptions);
  stamp.ports_bytes = sizeof(TrainerPorts);
  stamp.engine_bytes = sizeof(Engine);
  return stamp;
}

Result<const Engine*> load_engine() {
  // Lazy binding: most of LibTorch's symbols are never called. The handle is kept: its threads may run on.
  void* library = dlopen(kEngineFile, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    return failure("cannot load the training engine: install the program again, with its libraries: " +
                   std::string(why != nullptr ? why : kEngineFile));
  }
  using Entry = const Engine* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(library, kEngineSymbol));
  const Engine* engine = entry != nullptr ? entry() : nullptr;
  if (engine == nullptr || !(engine->stamp == engine_stamp())) {
    return failure(std::string("the training engine belongs to another version of the program: install the "
                               "program again: ") +
                   kEngineFile);
  }
  return engine;
}

}  // namespace grokscope
