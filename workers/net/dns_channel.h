// One question to the resolver library: its configuration, its sockets, and waiting for
// them. For one thread, inside of this room.
#pragma once

#include <ares.h>

#include <string>

#include "proto/cpp/status.h"
#include "workers/net/limit.h"

namespace nscp::net {

class DnsChannel {
 public:
  // How long one try may take before the next, which waits twice as long.
  static constexpr std::chrono::milliseconds kTry{1500};
  static constexpr int kTries = 4;

  DnsChannel() = default;
  DnsChannel(const DnsChannel&) = delete;
  DnsChannel& operator=(const DnsChannel&) = delete;
  ~DnsChannel() {
    if (channel_ != nullptr) ares_destroy(channel_);
  }

  // Reads the system's configuration. `flags` are c-ares' own.
  Status Open(int flags);
  // Asks this numeric address instead of the system's servers.
  Status UseServer(const std::string& address, uint16_t port);
  ares_channel get() const { return channel_; }
  // Until `done`, which the question's callback sets, or the limit; then the question is
  // given up, and its callback has run too.
  void Run(const Limit& limit, const bool& done);

 private:
  ares_channel channel_ = nullptr;
};

// Of c-ares' error: NotFound, DeadlineExceeded, Aborted (a server refuses), Unavailable.
Status DnsStatus(int error);

}  // namespace nscp::net
