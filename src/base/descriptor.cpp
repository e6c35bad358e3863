#include "base/descriptor.h"

#include <fcntl.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include <fmt/format.h>

namespace grokscope {

Status descriptors_suffice(int count) {
  std::vector<Descriptor> taken;
  for (int i = 0; i < count; ++i) {
    taken.emplace_back(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (taken.back().is_open()) continue;
    return failure(
        fmt::format("the program needs {} open files more than the system allows it ({}): allow more "
                    "with ulimit -n",
                    count - i, std::generic_category().message(errno)));
  }
  return {};
}

}  // namespace grokscope
