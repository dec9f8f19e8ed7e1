#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "workers/net/network.h"
#include "workers/net/udp.h"

namespace nscp::net {
namespace {

Status UdpError(int error) {
  const std::string reason = std::generic_category().message(error);
  if (error == ECONNREFUSED) return Status::Aborted(reason);
  return Status::Unavailable(reason);
}

}  // namespace

Result<UdpSocket> UdpSocket::Open(const std::string& address, uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return Status::InvalidArgument("\"" + address + "\" is no address");
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  const int fd = ::socket(found->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return UdpError(errno);
  UdpSocket socket(fd);
  if (::connect(fd, found->ai_addr, found->ai_addrlen) != 0) return UdpError(errno);
  return socket;
}

UdpSocket::~UdpSocket() {
  if (handle_ != kNone) ::close(static_cast<int>(handle_));
}

Status UdpSocket::Send(std::string_view datagram) const {
  const ssize_t sent =
      ::send(static_cast<int>(handle_), datagram.data(), datagram.size(), MSG_NOSIGNAL);
  return sent < 0 ? UdpError(errno) : Status::Ok();
}

Result<std::string> UdpSocket::Receive(const Limit& limit) const {
  for (;;) {
    Awaited awaited{handle_, true, false};
    Await(&awaited, 1, limit.Slice());
    if (awaited.is_readable) {
      std::string datagram(kMaxDatagram, '\0');
      const ssize_t size =
          ::recv(static_cast<int>(handle_), datagram.data(), datagram.size(), 0);
      if (size >= 0) {
        datagram.resize(static_cast<size_t>(size));
        return datagram;
      }
      if (errno != EAGAIN && errno != EINTR) return UdpError(errno);
    }
    if (limit.IsOver()) return Status::DeadlineExceeded("no answer in time");
  }
}

}  // namespace nscp::net
