#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <memory>
#include <system_error>

#include "fetch/socket.h"

namespace nscp::fetch {
namespace {

int MsUntil(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, INT_MAX));
}

// The socket, or -1 with errno.
int ConnectTo(const addrinfo& address, Deadline deadline) {
  const int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                          address.ai_protocol);
  if (fd < 0) return -1;
  int error = ::connect(fd, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    pollfd ready = {fd, POLLOUT, 0};
    socklen_t size = sizeof error;
    error = ETIMEDOUT;
    if (::poll(&ready, 1, MsUntil(deadline)) == 1) {
      ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    }
  }
  if (error == 0) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
  }
  ::close(fd);
  errno = error;
  return -1;
}

}  // namespace

Result<Socket> Socket::Connect(const std::string& host, uint16_t port,
                               Deadline deadline) {
  const std::string doing = "connecting to " + host + " port " + std::to_string(port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int problem =
      ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (problem != 0) {
    return Status::Unavailable(doing + ": " + ::gai_strerror(problem) +
                               "; check the host's name");
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, ::freeaddrinfo);
  int error = ETIMEDOUT;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline) break;
    const int fd = ConnectTo(*one, std::min(deadline, now + kConnectLimit));
    if (fd >= 0) return Socket(fd);
    error = errno;
  }
  return Status::Unavailable(doing + ": " + std::generic_category().message(error));
}

void Socket::Close() {
  if (handle_ != kNone) ::close(static_cast<int>(handle_));
  handle_ = kNone;
}

bool Socket::Wait(For what, Deadline deadline) const {
  pollfd ready = {static_cast<int>(handle_),
                  static_cast<short>(what == For::kReading ? POLLIN : POLLOUT), 0};
  int count = 0;
  do {
    count = ::poll(&ready, 1, MsUntil(deadline));
  } while (count < 0 && errno == EINTR);
  return count == 1;
}

long Socket::Read(char* data, size_t size, Deadline deadline) const {
  for (;;) {
    if (!Wait(For::kReading, deadline)) return -1;
    const ssize_t count = ::recv(static_cast<int>(handle_), data, size, 0);
    if (count >= 0) return count;
    if (errno != EAGAIN && errno != EINTR) return -1;
  }
}

bool Socket::Write(const char* data, size_t size, Deadline deadline) const {
  while (size > 0) {
    if (!Wait(For::kWriting, deadline)) return false;
    const ssize_t count = ::send(static_cast<int>(handle_), data, size, MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (count <= 0) continue;
    data += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

}  // namespace nscp::fetch
