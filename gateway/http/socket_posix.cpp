#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "gateway/http/socket.h"

namespace nscp::gateway {
namespace {

// Works for both families; `length` is what the calls want.
struct Address {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);
  sockaddr* any() { return reinterpret_cast<sockaddr*>(&storage); }
};

int Fd(Socket socket) { return static_cast<int>(socket); }

std::string LastError() { return std::generic_category().message(errno); }

bool ToAddress(const std::string& text, uint16_t port, Address* address) {
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address->storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address->storage);
  const std::string numeric = text.empty() ? "0.0.0.0" : text;
  if (inet_pton(AF_INET, numeric.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address->length = sizeof(sockaddr_in);
    return true;
  }
  if (inet_pton(AF_INET6, numeric.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    address->length = sizeof(sockaddr_in6);
    return true;
  }
  return false;
}

std::string ToText(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.storage.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address.storage);
    inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
  } else if (address.storage.ss_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address.storage);
    if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
      inet_ntop(AF_INET, v6->sin6_addr.s6_addr + 12, text, sizeof text);
    } else {
      inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    }
  }
  return text;
}

Status BindError(const std::string& address, uint16_t port) {
  const std::string text = "binding " + (address.empty() ? "0.0.0.0" : address) +
                           " port " + std::to_string(port) + ": " + LastError();
  if (errno == EADDRINUSE) {
    return Status::AlreadyExists(text +
                                 ". Stop the program that listens there, or change port");
  }
  if (errno == EACCES || errno == EPERM) {
    return Status::PermissionDenied(text +
                                    ". Choose a port above 1023, or run with the right");
  }
  return Status::Unavailable(text + ". Check the address to bind to");
}

Io WouldBlockOr(Io wanted) {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? wanted : Io::kClosed;
}

}  // namespace

Result<Socket> ListenOn(const std::string& address, uint16_t port) {
  Address where;
  if (!ToAddress(address, port, &where)) {
    return Status::InvalidArgument(
        "binding \"" + address +
        "\": this is no numeric address. Give one such as 0.0.0.0");
  }
  const int fd =
      ::socket(where.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return Status::Unavailable("making a socket: " + LastError());
  const int on = 1;
  // Never SO_REUSEPORT: two agents on one port would answer in turn, and nobody would
  // notice.
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, where.any(), where.length) != 0 || ::listen(fd, kListenBacklog) != 0) {
    const Status error = BindError(address, port);
    ::close(fd);
    return error;
  }
  return Socket{fd};
}

Result<uint16_t> PortOf(Socket socket) {
  Address local;
  if (::getsockname(Fd(socket), local.any(), &local.length) != 0) {
    return Status::Internal("asking a socket for its port: " + LastError());
  }
  // The port stands at the same place in both families.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&local.storage)->sin_port);
}

Status PrepareListening(Socket socket) {
  const int flags = ::fcntl(Fd(socket), F_GETFL);
  if (flags < 0 || ::fcntl(Fd(socket), F_SETFL, flags | O_NONBLOCK) != 0 ||
      ::fcntl(Fd(socket), F_SETFD, FD_CLOEXEC) != 0 ||
      ::listen(Fd(socket), kListenBacklog) != 0) {
    return Status::InvalidArgument("taking over listening socket " +
                                   std::to_string(socket) + ": " + LastError());
  }
  return Status::Ok();
}

Accepted AcceptFrom(Socket listening) {
  Accepted accepted;
  Address remote;
  const int fd = ::accept4(Fd(listening), remote.any(), &remote.length,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    accepted.exhausted =
        errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    return accepted;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  accepted.socket = fd;
  accepted.remote_address = ToText(remote);
  return accepted;
}

Io Receive(Socket socket, char* data, size_t size, size_t* received) {
  const ssize_t count = ::recv(Fd(socket), data, size, 0);
  if (count == 0) return Io::kClosed;
  if (count < 0) return WouldBlockOr(Io::kWantRead);
  *received = static_cast<size_t>(count);
  return Io::kDone;
}

Io Send(Socket socket, const char* data, size_t size, size_t* sent) {
  const ssize_t count = ::send(Fd(socket), data, size, MSG_NOSIGNAL);
  if (count < 0) return WouldBlockOr(Io::kWantWrite);
  *sent = static_cast<size_t>(count);
  return Io::kDone;
}

void LimitUnacknowledged(Socket socket, std::chrono::milliseconds limit) {
  const auto ms = static_cast<unsigned>(limit.count());
  ::setsockopt(Fd(socket), IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof ms);
}

void ShutdownWriting(Socket socket) { ::shutdown(Fd(socket), SHUT_WR); }

void ShutdownBoth(Socket socket) { ::shutdown(Fd(socket), SHUT_RDWR); }

void CloseSocket(Socket socket) { ::close(Fd(socket)); }

}  // namespace nscp::gateway
