// Listening sockets that the kernel binds and keeps for its workers: a reload has no gap,
// a crash lets callers wait, a port below 1024 needs no privilege in the worker. Owned by
// the kernel; any thread. On systems where a socket cannot be passed the worker binds it
// itself (kSupported).
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::kernel {

class Listeners {
 public:
  static const bool kSupported;
  static constexpr size_t kMaxSockets = 256;
  static constexpr int kDefaultBacklog = 512;

  Listeners() = default;
  ~Listeners();
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;

  // The socket `name` of a slot, bound to `address` (numeric, empty = all IPv4) and
  // `port` (0 = any); the one from before where it is the same, else a new one in its
  // place. The descriptor stays the kernel's.
  Result<int> Acquire(const std::string& slot, const std::string& name,
                      const std::string& address, uint16_t port, int backlog);
  // Closes all of a slot: it is not wanted any more.
  void Release(const std::string& slot);

 private:
  struct Socket {
    std::string address;
    uint16_t port = 0;
    int descriptor = -1;
  };
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Socket> sockets_;
};

}  // namespace nscp::kernel
