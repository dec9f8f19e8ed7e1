// What the system needs once before sockets are used, and waiting for several of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "proto/cpp/status.h"

namespace nscp::net {

// Before anything else of this room, once, by one thread. Nothing on POSIX; Winsock and
// the resolver on Windows.
Status StartNetwork();

struct Awaited {
  intptr_t socket = 0;
  bool to_read = false;
  bool to_write = false;
  bool is_readable = false;  // set by Await; an error is readable and writable
  bool is_writable = false;
};

// Waits until one of them is ready, at most so long; without sockets it sleeps. Any
// thread. Sources: poll(2); WSAPoll.
void Await(Awaited* sockets, size_t count, std::chrono::milliseconds longest);

}  // namespace nscp::net
