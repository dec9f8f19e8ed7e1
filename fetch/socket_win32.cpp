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

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

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
  const SOCKET socket = ::socket(to.ai_family, SOCK_STREAM, to.ai_protocol);
  if (socket == INVALID_SOCKET) return ::WSAGetLastError();
  handle_ = static_cast<intptr_t>(socket);
  u_long on = 1;
  ::ioctlsocket(socket, static_cast<long>(FIONBIO), &on);
  ::SetHandleInformation(reinterpret_cast<HANDLE>(socket), HANDLE_FLAG_INHERIT, 0);
  const bool connected =
      ::connect(socket, to.ai_addr, static_cast<int>(to.ai_addrlen)) == 0;
  int error = connected ? 0 : ::WSAGetLastError();
  if (error == WSAEWOULDBLOCK) {
    int size = sizeof error;
    error = WSAETIMEDOUT;
    if (Wait(For::kWriting, deadline)) {
      ::getsockopt(socket, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&error), &size);
    } else if (IsStopped()) {
      error = WSAECANCELLED;
    }
  }
  return error;
}

Result<Socket> Socket::Connect(const std::string& host, uint16_t port,
                               Deadline deadline) {
  RETURN_IF_ERROR(StartWinsock());
  const std::string doing = "connecting to " + host + " port " + std::to_string(port);
  Addresses found;
  if (const int problem = Find(host, port, 0, &found); problem != 0) {
    return Status::Unavailable(doing + ": " + ErrorText(problem) +
                               "; check the host's name");
  }
  int error = WSAETIMEDOUT;
  for (const addrinfo* one = found.get(); one != nullptr; one = one->ai_next) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline) break;
    Socket socket(kNone, nullptr);
    error = socket.ConnectTo(one, std::min(deadline, now + kConnectLimit));
    if (error == 0) return socket;
  }
  return Status::Unavailable(doing + ": " + ErrorText(error));
}

Result<Socket> Socket::ConnectAddress(const std::string& address, uint16_t port,
                                      Deadline deadline, const std::atomic<bool>* stop) {
  RETURN_IF_ERROR(StartWinsock());
  Addresses found;
  if (Find(address, port, AI_NUMERICHOST, &found) != 0) {
    return Status::InvalidArgument("\"" + address + "\" is no address");
  }
  Socket socket(kNone, stop);
  const int error = socket.ConnectTo(found.get(), deadline);
  if (error == 0) return socket;
  const std::string reason = ErrorText(error);
  if (error == WSAETIMEDOUT) return Status::DeadlineExceeded(reason);
  if (error == WSAECANCELLED) return Status::Cancelled(reason);
  if (error == WSAECONNREFUSED) return Status::Aborted(reason);
  return Status::Unavailable(reason);
}

Result<Socket> Socket::ConnectLocal(const std::string& path, Deadline) {
  return Status::Unimplemented("connecting to " + path +
                               ": local sockets are not spoken on Windows yet");
}

void Socket::Close() {
  if (handle_ != kNone) ::closesocket(static_cast<SOCKET>(handle_));
  handle_ = kNone;
}

bool Socket::Wait(For what, Deadline deadline) const {
  WSAPOLLFD ready = {static_cast<SOCKET>(handle_),
                     static_cast<short>(what == For::kReading ? POLLIN : POLLOUT), 0};
  for (;;) {
    const int count = ::WSAPoll(&ready, 1, MsUntil(NextLook(deadline)));
    if (count != 0) return count == 1;
    if (IsStopped() || std::chrono::steady_clock::now() >= deadline) return false;
  }
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
