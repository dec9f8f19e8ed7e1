#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <mutex>

#include "kernel/cli/line_input.h"
#include "kernel/telemetry/log_sink.h"

namespace nscp::kernel {
namespace {

constexpr size_t kReadBytes = 4096;

class PosixLineInput final : public LineInput {
 public:
  explicit PosixLineInput(int stop) : stop_(stop) {}
  ~PosixLineInput() override { close(stop_); }

  std::optional<std::string> Next() override {
    for (;;) {
      if (auto line = lines_.Take()) return line;
      if (!Wait()) return std::nullopt;
      std::array<char, kReadBytes> bytes;
      const ssize_t count = read(STDIN_FILENO, bytes.data(), bytes.size());
      if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (count <= 0) return lines_.TakeRest();
      lines_.Add({bytes.data(), static_cast<size_t>(count)});
    }
  }

  void Stop() override {
    const uint64_t one = 1;
    (void)!write(stop_, &one, sizeof one);  // full means stopped already
  }

  void Print(std::string_view text) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    output_(text);
  }

 private:
  bool Wait() {
    std::array<pollfd, 2> ready = {pollfd{STDIN_FILENO, POLLIN, 0},
                                   pollfd{stop_, POLLIN, 0}};
    while (poll(ready.data(), ready.size(), -1) < 0) {
      if (errno != EINTR) return false;
    }
    return ready[1].revents == 0;
  }

  const int stop_;
  LineSplitter lines_;
  std::mutex mutex_;
  const std::function<void(std::string_view)> output_ = StandardOutput();
};

}  // namespace

Result<std::unique_ptr<LineInput>> LineInput::Create() {
  const int stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (stop < 0) {
    return Status::Unavailable(std::string("reading the input: ") + std::strerror(errno));
  }
  return std::unique_ptr<LineInput>(std::make_unique<PosixLineInput>(stop));
}

}  // namespace nscp::kernel
