// Datagrams to and from one address. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "proto/cpp/status.h"
#include "workers/net/limit.h"

namespace nscp::net {

constexpr size_t kMaxDatagram = 4096;

class UdpSocket {
 public:
  // A numeric address. What others send is not seen.
  static Result<UdpSocket> Open(const std::string& address, uint16_t port);
  UdpSocket(UdpSocket&& other) noexcept : handle_(std::exchange(other.handle_, kNone)) {}
  UdpSocket& operator=(UdpSocket&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~UdpSocket();

  Status Send(std::string_view datagram) const;
  // The next one, cut to kMaxDatagram. DeadlineExceeded; Aborted: nobody listens there;
  // Unavailable.
  Result<std::string> Receive(const Limit& limit) const;

 private:
  static constexpr intptr_t kNone = -1;
  explicit UdpSocket(intptr_t handle) : handle_(handle) {}

  intptr_t handle_;
};

}  // namespace nscp::net
