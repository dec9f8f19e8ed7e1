// winsock2.h must come before anything that brings windows.h.
#include <winsock2.h>
#include <ws2tcpip.h>

#include <algorithm>
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

std::string ErrorText(int error) { return std::system_category().message(error); }

// Winsock counts its starts; the operating system undoes them at the process's end.
Status StartWinsock() {
  WSADATA data;
  const int error = ::WSAStartup(MAKEWORD(2, 2), &data);
  if (error == 0) return Status::Ok();
  return Status::Unavailable("starting Winsock: " + ErrorText(error));
}

// The socket, or INVALID_SOCKET and the error.
SOCKET ConnectTo(const addrinfo& address, Deadline deadline, int* error) {
  const SOCKET socket = ::socket(address.ai_family, SOCK_STREAM, address.ai_protocol);
  if (socket == INVALID_SOCKET) {
    *error = ::WSAGetLastError();
    return socket;
  }
  u_long on = 1;
  ::ioctlsocket(socket, static_cast<long>(FIONBIO), &on);
  ::SetHandleInformation(reinterpret_cast<HANDLE>(socket), HANDLE_FLAG_INHERIT, 0);
  const bool connected =
      ::connect(socket, address.ai_addr, static_cast<int>(address.ai_addrlen)) == 0;
  *error = connected ? 0 : ::WSAGetLastError();
  if (*error == WSAEWOULDBLOCK) {
    WSAPOLLFD ready = {socket, POLLOUT, 0};
    int size = sizeof *error;
    *error = WSAETIMEDOUT;
    if (::WSAPoll(&ready, 1, MsUntil(deadline)) == 1) {
      ::getsockopt(socket, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(error), &size);
    }
  }
  if (*error == 0) return socket;
  ::closesocket(socket);
  return INVALID_SOCKET;
}

}  // namespace

Result<Socket> Socket::Connect(const std::string& host, uint16_t port,
                               Deadline deadline) {
  RETURN_IF_ERROR(StartWinsock());
  const std::string doing = "connecting to " + host + " port " + std::to_string(port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int problem =
      ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (problem != 0) {
    return Status::Unavailable(doing + ": " + ErrorText(problem) +
                               "; check the host's name");
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(
      found, [](addrinfo* list) { ::freeaddrinfo(list); });
  int error = WSAETIMEDOUT;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline) break;
    const SOCKET socket =
        ConnectTo(*one, std::min(deadline, now + kConnectLimit), &error);
    if (socket != INVALID_SOCKET) return Socket(static_cast<intptr_t>(socket));
  }
  return Status::Unavailable(doing + ": " + ErrorText(error));
}

void Socket::Close() {
  if (handle_ != kNone) ::closesocket(static_cast<SOCKET>(handle_));
  handle_ = kNone;
}

bool Socket::Wait(For what, Deadline deadline) const {
  WSAPOLLFD ready = {static_cast<SOCKET>(handle_),
                     static_cast<short>(what == For::kReading ? POLLIN : POLLOUT), 0};
  return ::WSAPoll(&ready, 1, MsUntil(deadline)) == 1;
}

long Socket::Read(char* data, size_t size, Deadline deadline) const {
  for (;;) {
    if (!Wait(For::kReading, deadline)) return -1;
    const int count =
        ::recv(static_cast<SOCKET>(handle_), data, static_cast<int>(size), 0);
    if (count >= 0) return count;
    if (::WSAGetLastError() != WSAEWOULDBLOCK) return -1;
  }
}

bool Socket::Write(const char* data, size_t size, Deadline deadline) const {
  while (size > 0) {
    if (!Wait(For::kWriting, deadline)) return false;
    const int count =
        ::send(static_cast<SOCKET>(handle_), data, static_cast<int>(size), 0);
    if (count < 0 && ::WSAGetLastError() != WSAEWOULDBLOCK) return false;
    if (count <= 0) continue;
    data += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

}  // namespace nscp::fetch
