#include "contract/training_library.h"

#include <dlfcn.h>

#include <cstring>
#include <string>

#include "base/descriptor.h"
#include "base/version.h"

namespace grokscope {

LibraryStamp library_stamp() {
  LibraryStamp stamp;
  const std::string_view version = kVersion;
  version.copy(stamp.version, sizeof stamp.version - 1);
  stamp.config_bytes = sizeof(RunConfig);
  stamp.options_bytes = sizeof(TrainerOptions);
  stamp.ports_bytes = sizeof(TrainerPorts);
  stamp.library_bytes = sizeof(TrainingLibrary);
  return stamp;
}

Result<const TrainingLibrary*> load_training_library() {
  // LibTorch brings libraries that abort when they cannot open their files.
  constexpr int kFilesOfLibraries = 16;
  if (Status files = descriptors_suffice(kFilesOfLibraries); !files) return files.error();
  // Lazy binding: most of LibTorch's symbols are never called. The handle is kept: its threads may run on.
  void* object = dlopen(kTrainingLibraryFile, RTLD_LAZY | RTLD_LOCAL);
  if (object == nullptr) {
    const char* why = dlerror();
    return failure("cannot load the training library: install the program again, with its libraries: " +
                   std::string(why != nullptr ? why : kTrainingLibraryFile));
  }
  using Entry = const TrainingLibrary* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(object, kTrainingLibrarySymbol));
  const TrainingLibrary* library = entry != nullptr ? entry() : nullptr;
  if (library == nullptr || !(library->stamp == library_stamp())) {
    return failure(std::string("the training library belongs to another version of the program: install the "
                               "program again: ") +
                   kTrainingLibraryFile);
  }
  return library;
}

}  // namespace grokscope
