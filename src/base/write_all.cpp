#include "base/write_all.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace grokscope {

int write_all(int descriptor, std::string_view bytes, std::size_t* written) {
  std::size_t done = 0;
  int error_number = 0;
  while (done < bytes.size() && error_number == 0) {
    const ssize_t count = ::write(descriptor, bytes.data() + done, bytes.size() - done);
    if (count >= 0) {
      done += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {  // a pipe that somebody made non-blocking is full: wait until it is read
      pollfd room{descriptor, POLLOUT, 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      error_number = errno;
    }
  }
  if (written != nullptr) *written = done;
  return error_number;
}

Error file_error(std::string_view what, int error_number, std::string_view path) {
  return failure(fmt::format("{}: {}: {}", what, std::generic_category().message(error_number), path));
}

}  // namespace grokscope
