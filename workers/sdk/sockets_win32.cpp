#include <winsock2.h>
#include <ws2tcpip.h>

#include "workers/sdk/sockets.h"

namespace nscp::sdk {

void CloseSocket(int descriptor) { ::closesocket(static_cast<SOCKET>(descriptor)); }

Result<int> BindAndListen(const std::string& address, uint16_t port) {
  const std::string where =
      (address.empty() ? "0.0.0.0" : address) + ":" + std::to_string(port);
  WSADATA data;
  if (WSAStartup(MAKEWORD(2, 2), &data) != 0) {
    return Status::Internal("starting Winsock failed");
  }
  addrinfo hints{};
  hints.ai_family = address.empty() ? AF_INET : AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.empty() ? nullptr : address.c_str(),
                  std::to_string(port).c_str(), &hints, &found) != 0) {
    return Status::InvalidArgument("binding " + where + ": the address is not numeric");
  }
  const SOCKET s = socket(found->ai_family, SOCK_STREAM, IPPROTO_TCP);
  const int one = 1;
  u_long nonblocking = 1;
  const bool listening =
      s != INVALID_SOCKET &&
      setsockopt(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<const char*>(&one),
                 sizeof one) == 0 &&
      bind(s, found->ai_addr, static_cast<int>(found->ai_addrlen)) == 0 &&
      listen(s, kListenBacklog) == 0 && ioctlsocket(s, FIONBIO, &nonblocking) == 0;
  const int error = WSAGetLastError();
  freeaddrinfo(found);
  if (!listening) {
    if (s != INVALID_SOCKET) closesocket(s);
    return Status::Unavailable("binding " + where + ": error " + std::to_string(error) +
                               (error == WSAEADDRINUSE ? ", the port is taken" : ""));
  }
  return static_cast<int>(s);
}

}  // namespace nscp::sdk
