// winsock2.h must come before anything that brings windows.h.
#include <winsock2.h>
#include <ws2tcpip.h>

#include <system_error>

#include "gateway/http/socket.h"

namespace nscp::gateway {
namespace {

struct Address {
  sockaddr_storage storage{};
  int length = sizeof(sockaddr_storage);
  sockaddr* any() { return reinterpret_cast<sockaddr*>(&storage); }
};

SOCKET Handle(Socket socket) { return static_cast<SOCKET>(socket); }

// Winsock counts its starts; the operating system undoes them at the process's end.
Status StartWinsock() {
  WSADATA data;
  const int error = ::WSAStartup(MAKEWORD(2, 2), &data);
  if (error == 0) return Status::Ok();
  return Status::Unavailable("starting Winsock: " +
                             std::system_category().message(error));
}

std::string ErrorText(int error) { return std::system_category().message(error); }

bool ToAddress(const std::string& text, uint16_t port, Address* address) {
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address->storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address->storage);
  const std::string numeric = text.empty() ? "0.0.0.0" : text;
  if (::inet_pton(AF_INET, numeric.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address->length = sizeof(sockaddr_in);
    return true;
  }
  if (::inet_pton(AF_INET6, numeric.c_str(), &v6->sin6_addr) == 1) {
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
    ::inet_ntop(AF_INET, const_cast<in_addr*>(&v4->sin_addr), text, sizeof text);
  } else if (address.storage.ss_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address.storage);
    auto* bytes = const_cast<in6_addr*>(&v6->sin6_addr);
    if (IN6_IS_ADDR_V4MAPPED(bytes)) {
      ::inet_ntop(AF_INET, bytes->s6_addr + 12, text, sizeof text);
    } else {
      ::inet_ntop(AF_INET6, bytes, text, sizeof text);
    }
  }
  return text;
}

Status BindError(const std::string& address, uint16_t port, int error) {
  const std::string text = "binding " + (address.empty() ? "0.0.0.0" : address) +
                           " port " + std::to_string(port) + ": " + ErrorText(error);
  if (error == WSAEADDRINUSE) {
    return Status::AlreadyExists(text +
                                 ". Stop the program that listens there, or change port");
  }
  if (error == WSAEACCES) {
    return Status::PermissionDenied(text +
                                    ". Another program holds the port for itself alone");
  }
  return Status::Unavailable(text + ". Check the address to bind to");
}

Io WouldBlockOr(Io wanted) {
  const int error = ::WSAGetLastError();
  return error == WSAEWOULDBLOCK || error == WSAEINTR ? wanted : Io::kClosed;
}

bool MakeNonBlocking(SOCKET socket) {
  u_long on = 1;
  return ::ioctlsocket(socket, static_cast<long>(FIONBIO), &on) == 0 &&
         ::SetHandleInformation(reinterpret_cast<HANDLE>(socket), HANDLE_FLAG_INHERIT,
                                0) != 0;
}

}  // namespace

Result<Socket> ListenOn(const std::string& address, uint16_t port) {
  RETURN_IF_ERROR(StartWinsock());
  Address where;
  if (!ToAddress(address, port, &where)) {
    return Status::InvalidArgument(
        "binding \"" + address +
        "\": this is no numeric address. Give one such as 0.0.0.0");
  }
  const SOCKET socket = ::socket(where.storage.ss_family, SOCK_STREAM, IPPROTO_TCP);
  if (socket == INVALID_SOCKET) {
    return Status::Unavailable("making a socket: " + ErrorText(::WSAGetLastError()));
  }
  const BOOL on = TRUE;  // SO_REUSEADDR would let a second program steal the port here
  ::setsockopt(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE,
               reinterpret_cast<const char*>(&on), sizeof on);
  if (!MakeNonBlocking(socket) || ::bind(socket, where.any(), where.length) != 0 ||
      ::listen(socket, kListenBacklog) != 0) {
    const Status error = BindError(address, port, ::WSAGetLastError());
    ::closesocket(socket);
    return error;
  }
  return static_cast<Socket>(socket);
}

Result<uint16_t> PortOf(Socket socket) {
  Address local;
  if (::getsockname(Handle(socket), local.any(), &local.length) != 0) {
    return Status::Internal("asking a socket for its port: " +
                            ErrorText(::WSAGetLastError()));
  }
  return ntohs(reinterpret_cast<const sockaddr_in*>(&local.storage)->sin_port);
}

Status PrepareListening(Socket socket) {
  RETURN_IF_ERROR(StartWinsock());
  if (!MakeNonBlocking(Handle(socket)) || ::listen(Handle(socket), kListenBacklog) != 0) {
    return Status::InvalidArgument("taking over a listening socket: " +
                                   ErrorText(::WSAGetLastError()));
  }
  return Status::Ok();
}

Accepted AcceptFrom(Socket listening) {
  Accepted accepted;
  Address remote;
  const SOCKET socket = ::accept(Handle(listening), remote.any(), &remote.length);
  if (socket == INVALID_SOCKET) {
    const int error = ::WSAGetLastError();
    accepted.exhausted = error == WSAEMFILE || error == WSAENOBUFS;
    return accepted;
  }
  const BOOL on = TRUE;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&on),
               sizeof on);
  if (!MakeNonBlocking(socket)) {
    ::closesocket(socket);
    return accepted;
  }
  accepted.socket = static_cast<Socket>(socket);
  accepted.remote_address = ToText(remote);
  return accepted;
}

Io Receive(Socket socket, char* data, size_t size, size_t* received) {
  const int count = ::recv(Handle(socket), data, static_cast<int>(size), 0);
  if (count == 0) return Io::kClosed;
  if (count < 0) return WouldBlockOr(Io::kWantRead);
  *received = static_cast<size_t>(count);
  return Io::kDone;
}

Io Send(Socket socket, const char* data, size_t size, size_t* sent) {
  const int count = ::send(Handle(socket), data, static_cast<int>(size), 0);
  if (count < 0) return WouldBlockOr(Io::kWantWrite);
  *sent = static_cast<size_t>(count);
  return Io::kDone;
}

void LimitUnacknowledged(Socket socket, std::chrono::milliseconds limit) {
  constexpr int kTcpMaxRt = 5;  // TCP_MAXRT, which older headers lack; in seconds
  const DWORD seconds = static_cast<DWORD>((limit.count() + 999) / 1000);
  ::setsockopt(Handle(socket), IPPROTO_TCP, kTcpMaxRt,
               reinterpret_cast<const char*>(&seconds), sizeof seconds);
}

void ShutdownWriting(Socket socket) { ::shutdown(Handle(socket), SD_SEND); }

void ShutdownBoth(Socket socket) { ::shutdown(Handle(socket), SD_BOTH); }

void CloseSocket(Socket socket) { ::closesocket(Handle(socket)); }

}  // namespace nscp::gateway
