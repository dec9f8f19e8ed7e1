// The system's own generator: a worker that needs no cryptography besides does not load a
// library for it.
#include <sys/random.h>

#include <cerrno>
#include <system_error>

#include "proto/cpp/secret.h"

namespace nscp {

Result<std::string> RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  size_t filled = 0;
  while (filled < count) {
    const ssize_t got = ::getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      return Status::Internal("reading " + std::to_string(count) +
                              " random bytes: the system's random generator failed: " +
                              std::generic_category().message(errno));
    }
    filled += static_cast<size_t>(got);
  }
  return bytes;
}

}  // namespace nscp
