// Non-blocking TCP sockets, the little the server needs of them, the same on every
// system. A Socket is a plain number; whoever holds it closes it. Any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::gateway {

using Socket = intptr_t;
constexpr Socket kNoSocket = -1;
constexpr int kListenBacklog = 512;

// What a step of input or output came to. The same words serve TLS.
enum class Io { kDone, kWantRead, kWantWrite, kClosed };

struct Accepted {
  Socket socket = kNoSocket;   // kNoSocket: nobody waits, or `exhausted`
  std::string remote_address;  // numeric, v4-mapped v6 as v4
  bool exhausted = false;      // no more descriptors; try again later
};

// Binds and listens. A taken port is AlreadyExists, a refused one PermissionDenied.
Result<Socket> ListenOn(const std::string& address, uint16_t port);
Result<uint16_t> PortOf(Socket socket);
// Prepares a listening socket that came from elsewhere: non-blocking, not inherited, our
// backlog.
Status PrepareListening(Socket socket);
// The connection is non-blocking, without delay (TCP_NODELAY), not inherited.
Accepted AcceptFrom(Socket listening);

Io Receive(Socket socket, char* data, size_t size, size_t* received);
Io Send(Socket socket, const char* data, size_t size, size_t* sent);
// Gives the connection up when the peer's system has not acknowledged for so long what
// was sent; where the system cannot do that, it stays with what the system does.
void LimitUnacknowledged(Socket socket, std::chrono::milliseconds limit);
void ShutdownWriting(Socket socket);
void ShutdownBoth(Socket socket);
void CloseSocket(Socket socket);

}  // namespace nscp::gateway
