#include <cerrno>
#include <chrono>
#include <memory>

#include <poll.h>
#include <unistd.h>

#include "kernel/telemetry/log_sink.h"

namespace nscp::kernel {
namespace {

constexpr std::chrono::milliseconds kConsoleWait{500};
// A pipe that poll(2) calls writable takes this much without blocking (POSIX PIPE_BUF).
constexpr size_t kPiece = 512;

class Output {
 public:
  void Write(std::string_view text) {
    while (!text.empty()) {
      pollfd ready{STDOUT_FILENO, POLLOUT, 0};
      const int wait = stuck_ ? 0 : static_cast<int>(kConsoleWait.count());
      const int count = poll(&ready, 1, wait);
      if (count < 0 && errno == EINTR) continue;
      stuck_ = count == 0;
      if (count <= 0 || (ready.revents & POLLNVAL) != 0) return;
      const ssize_t written =
          write(STDOUT_FILENO, text.data(), std::min(kPiece, text.size()));
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      text.remove_prefix(static_cast<size_t>(written));
    }
  }

 private:
  bool stuck_ = false;
};

}  // namespace

std::function<void(std::string_view)> StandardOutput() {
  return [output = std::make_shared<Output>()](std::string_view text) {
    output->Write(text);
  };
}

}  // namespace nscp::kernel
