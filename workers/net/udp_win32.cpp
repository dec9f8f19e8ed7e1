// winsock2.h must come before anything that brings windows.h.
#include <winsock2.h>
#include <ws2tcpip.h>

#include <memory>
#include <system_error>

#include "workers/net/network.h"
#include "workers/net/udp.h"

namespace nscp::net {
namespace {

// Windows tells on the next read that nobody listened.
Status UdpError(int error) {
  const std::string reason = std::system_category().message(error);
  if (error == WSAECONNRESET || error == WSAECONNREFUSED) return Status::Aborted(reason);
  return Status::Unavailable(reason);
}

struct FreeUdpAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

}  // namespace

Result<UdpSocket> UdpSocket::Open(const std::string& address, uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return Status::InvalidArgument("\"" + address + "\" is no address");
  }
  const std::unique_ptr<addrinfo, FreeUdpAddresses> owner(found);
  const SOCKET handle = ::socket(found->ai_family, SOCK_DGRAM, 0);
  if (handle == INVALID_SOCKET) return UdpError(::WSAGetLastError());
  UdpSocket socket(static_cast<intptr_t>(handle));
  u_long on = 1;
  ::ioctlsocket(handle, static_cast<long>(FIONBIO), &on);
  ::SetHandleInformation(reinterpret_cast<HANDLE>(handle), HANDLE_FLAG_INHERIT, 0);
  if (::connect(handle, found->ai_addr, static_cast<int>(found->ai_addrlen)) != 0) {
    return UdpError(::WSAGetLastError());
  }
  return socket;
}

UdpSocket::~UdpSocket() {
  if (handle_ != kNone) ::closesocket(static_cast<SOCKET>(handle_));
}

Status UdpSocket::Send(std::string_view datagram) const {
  const int sent = ::send(static_cast<SOCKET>(handle_), datagram.data(),
                          static_cast<int>(datagram.size()), 0);
  return sent < 0 ? UdpError(::WSAGetLastError()) : Status::Ok();
}

Result<std::string> UdpSocket::Receive(const Limit& limit) const {
  for (;;) {
    Awaited awaited{handle_, true, false};
    Await(&awaited, 1, limit.Slice());
    if (awaited.is_readable) {
      std::string datagram(kMaxDatagram, '\0');
      const int size = ::recv(static_cast<SOCKET>(handle_), datagram.data(),
                              static_cast<int>(datagram.size()), 0);
      if (size >= 0) {
        datagram.resize(static_cast<size_t>(size));
        return datagram;
      }
      if (::WSAGetLastError() != WSAEWOULDBLOCK) return UdpError(::WSAGetLastError());
    }
    if (limit.IsOver()) return Status::DeadlineExceeded("no answer in time");
  }
}

}  // namespace nscp::net
