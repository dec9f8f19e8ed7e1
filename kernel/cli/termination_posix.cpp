#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "kernel/cli/termination.h"

namespace nscp::kernel {
namespace {

class PosixTermination final : public Termination {
 public:
  PosixTermination(int signals, int asked) : signals_(signals), asked_(asked) {}
  ~PosixTermination() override {
    close(signals_);
    close(asked_);
  }

  int Wait() override {
    for (;;) {
      std::array<pollfd, 2> ready = {pollfd{signals_, POLLIN, 0},
                                     pollfd{asked_, POLLIN, 0}};
      if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return 0;
      signalfd_siginfo info{};
      if (ready[0].revents != 0 && read(signals_, &info, sizeof info) == sizeof info) {
        return static_cast<int>(info.ssi_signo);
      }
      uint64_t count = 0;
      if (ready[1].revents != 0 && read(asked_, &count, sizeof count) == sizeof count) {
        return 0;
      }
    }
  }

  void Ask() override {
    const uint64_t one = 1;
    (void)!write(asked_, &one, sizeof one);  // full means asked already
  }

 private:
  const int signals_;
  const int asked_;
};

}  // namespace

Result<std::unique_ptr<Termination>> Termination::Create() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  const int failed = pthread_sigmask(SIG_BLOCK, &set, nullptr);
  const int signals = failed != 0 ? -1 : signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  const int asked = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (signals < 0 || asked < 0) {
    const std::string reason = std::strerror(failed != 0 ? failed : errno);
    if (signals >= 0) close(signals);
    if (asked >= 0) close(asked);
    return Status::Unavailable("waiting for signals: " + reason);
  }
  return std::unique_ptr<Termination>(std::make_unique<PosixTermination>(signals, asked));
}

void NotifyServiceManager(std::string_view state) {
  const char* name = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const size_t length = name == nullptr ? 0 : std::strlen(name);
  if (length == 0 || length >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, name, length);
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // an abstract name
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  // A manager that does not listen is no reason to stop.
  (void)!sendto(fd, state.data(), state.size(), MSG_NOSIGNAL,
                reinterpret_cast<const sockaddr*>(&address),
                static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
  close(fd);
}

}  // namespace nscp::kernel
