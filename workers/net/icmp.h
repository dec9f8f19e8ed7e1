// Echo requests to one address. Unprivileged ICMP sockets first (Linux: the group must be
// in net.ipv4.ping_group_range), else raw ones (the capability CAP_NET_RAW). One thread.
// Windows has functions for it that anybody may call. Sources: icmp(7), raw(7), ip(7),
// ipv6(7); IcmpSendEcho2 and Icmp6SendEcho2 of Windows' documentation.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "proto/cpp/status.h"
#include "workers/net/limit.h"

namespace nscp::net {

constexpr size_t kMaxEchoPayload = 65507;

struct EchoReply {
  double milliseconds = 0;
  int ttl = 0;  // of the reply as it came in; 0 = the system does not tell
};

class EchoSocket {
 public:
  // A numeric address; `ttl` 0 = the system's. PermissionDenied names both ways to allow
  // it; Unavailable: no way there.
  static Result<EchoSocket> Open(const std::string& address, int ttl);
  EchoSocket(EchoSocket&& other) noexcept
      : handle_(std::exchange(other.handle_, kNone)),
        is_v6_(other.is_v6_),
        is_raw_(other.is_raw_),
        id_(other.id_),
        target_(std::move(other.target_)),
        ttl_(other.ttl_) {}
  EchoSocket& operator=(EchoSocket&&) = delete;
  ~EchoSocket();

  // Sends one request and waits for its own reply. DeadlineExceeded: none in time;
  // Unavailable: the network says that it does not come.
  Result<EchoReply> Ask(uint16_t sequence, std::string_view payload,
                        const Limit& limit) const;

 private:
  static constexpr intptr_t kNone = -1;
  EchoSocket(intptr_t handle, bool is_v6, bool is_raw)
      : handle_(handle), is_v6_(is_v6), is_raw_(is_raw) {}

  intptr_t handle_;
  bool is_v6_;
  bool is_raw_;
  uint16_t id_ = 0;  // of raw requests; the system makes that of the others
  // Windows: where each request goes (a sockaddr's bytes), and how far.
  std::string target_;
  int ttl_ = 0;
};

}  // namespace nscp::net
