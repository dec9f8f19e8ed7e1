// Waits for many sockets at once: epoll on Linux, WSAPoll on Windows. Each socket is
// watched under an id and reports once; after that it is silent until it is armed again,
// so that a connection in the hands of a pool thread never wakes the loop.
//
// Wait() is called by one thread; everything else by any.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "gateway/http/socket.h"

namespace nscp::gateway {

class Poller {
 public:
  static Result<std::unique_ptr<Poller>> Create();
  virtual ~Poller() = default;

  virtual Status Add(Socket socket, uint64_t id, Io wanted) = 0;
  virtual void Arm(Socket socket, uint64_t id, Io wanted) = 0;
  virtual void Remove(Socket socket, uint64_t id) = 0;  // before the socket is closed
  // Ids that are ready, or whose peer is gone; none at the timeout or after Wake().
  // A negative timeout waits without an end.
  virtual std::vector<uint64_t> Wait(std::chrono::milliseconds timeout) = 0;
  virtual void Wake() = 0;
};

}  // namespace nscp::gateway
