#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "kernel/cli/output_stream.h"

namespace nscp::kernel {
namespace {

// A pipe that poll(2) calls writable takes this much without blocking (POSIX PIPE_BUF).
constexpr size_t kWithoutBlocking = 512;

}  // namespace

Written WriteOutput(std::string_view text, const std::atomic<bool>& stop) {
  while (!text.empty()) {
    if (stop) return Written::kStopped;
    pollfd ready{STDOUT_FILENO, POLLOUT, 0};
    const int count = poll(&ready, 1, static_cast<int>(kOutputStep.count()));
    if (count == 0 || (count < 0 && errno == EINTR)) continue;
    if (count < 0 || (ready.revents & POLLNVAL) != 0) return Written::kGone;
    const ssize_t written =
        write(STDOUT_FILENO, text.data(), std::min(kWithoutBlocking, text.size()));
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written < 0) return Written::kGone;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return Written::kAll;
}

}  // namespace nscp::kernel
