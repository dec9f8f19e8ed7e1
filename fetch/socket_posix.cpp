#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
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

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

// What getaddrinfo says of it, or its error.
int Find(const std::string& host, uint16_t port, int flags, Addresses* addresses) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int problem =
      ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  addresses->reset(found);
  return problem;
}

}  // namespace

int Socket::ConnectTo(const void* address, Deadline deadline) {
  const auto& to = *static_cast<const addrinfo*>(address);
  Close();
  handle_ =
      ::socket(to.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol);
  if (handle_ < 0) return errno;
  const int fd = static_cast<int>(handle_);
  int error = ::connect(fd, to.ai_addr, to.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    socklen_t size = sizeof error;
    error = ETIMEDOUT;
    if (Wait(For::kWriting, deadline)) {
      ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    } else if (IsStopped()) {
      error = ECANCELED;
    }
  }
  const int on = 1;
  if (error == 0) ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return error;
}

Result<Socket> Socket::Connect(const std::string& host, uint16_t port,
                               Deadline deadline) {
  const std::string doing = "connecting to " + host + " port " + std::to_string(port);
  Addresses found(nullptr, ::freeaddrinfo);
  if (const int problem = Find(host, port, 0, &found); problem != 0) {
    return Status::Unavailable(doing + ": " + ::gai_strerror(problem) +
                               "; check the host's name");
  }
  int error = ETIMEDOUT;
  for (const addrinfo* one = found.get(); one != nullptr; one = one->ai_next) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline) break;
    Socket socket(kNone, nullptr);
    error = socket.ConnectTo(one, std::min(deadline, now + kConnectLimit));
    if (error == 0) return socket;
  }
  return Status::Unavailable(doing + ": " + std::generic_category().message(error));
}

Result<Socket> Socket::ConnectAddress(const std::string& address, uint16_t port,
                                      Deadline deadline, const std::atomic<bool>* stop) {
  Addresses found(nullptr, ::freeaddrinfo);
  if (Find(address, port, AI_NUMERICHOST | AI_NUMERICSERV, &found) != 0) {
    return Status::InvalidArgument("\"" + address + "\" is no address");
  }
  Socket socket(kNone, stop);
  const int error = socket.ConnectTo(found.get(), deadline);
  if (error == 0) return socket;
  const std::string reason = std::generic_category().message(error);
  if (error == ETIMEDOUT) return Status::DeadlineExceeded(reason);
  if (error == ECANCELED) return Status::Cancelled(reason);
  if (error == ECONNREFUSED) return Status::Aborted(reason);
  return Status::Unavailable(reason);
}

Result<Socket> Socket::ConnectLocal(const std::string& path, Deadline deadline) {
  const std::string doing = "connecting to " + path;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return Status::InvalidArgument(doing + ": this is no path of a Unix socket");
  }
  path.copy(address.sun_path, path.size());
  Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
                nullptr);
  if (socket.handle_ < 0) {
    return Status::Unavailable(doing + ": " + std::generic_category().message(errno));
  }
  // A server whose queue is full has no event to wait for.
  constexpr int kPauseMs = 10;
  while (::connect(static_cast<int>(socket.handle_),
                   reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    const bool busy = error == EAGAIN || error == EINTR;
    if (busy && std::chrono::steady_clock::now() < deadline) {
      ::poll(nullptr, 0, kPauseMs);
      continue;
    }
    const std::string why = doing + ": " + std::generic_category().message(error);
    if (error == ENOENT || error == ENOTDIR) return Status::NotFound(why);
    if (error == EACCES || error == EPERM) return Status::PermissionDenied(why);
    return Status::Unavailable(why);
  }
  return socket;
}

void Socket::Close() {
  if (handle_ != kNone) ::close(static_cast<int>(handle_));
  handle_ = kNone;
}

bool Socket::Wait(For what, Deadline deadline) const {
  pollfd ready = {static_cast<int>(handle_),
                  static_cast<short>(what == For::kReading ? POLLIN : POLLOUT), 0};
  for (;;) {
    const int count = ::poll(&ready, 1, MsUntil(NextLook(deadline)));
    if (count == 1) return true;
    if (count < 0 && errno != EINTR) return false;
    if (IsStopped() || std::chrono::steady_clock::now() >= deadline) return false;
  }
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
