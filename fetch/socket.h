// A TCP connection with an end of its time: connecting, reading and writing wait for the
// system, and never longer than until the deadline. One thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::fetch {

using Deadline = std::chrono::steady_clock::time_point;
// Of connecting to one address, so that the next one gets its turn.
constexpr std::chrono::milliseconds kConnectLimit{5000};

class Socket {
 public:
  // Tries each address of the host. The time in which the system finds the addresses is
  // its resolver's own and not bounded by the deadline.
  static Result<Socket> Connect(const std::string& host, uint16_t port,
                                Deadline deadline);
  Socket() = default;
  Socket(Socket&& other) noexcept : handle_(other.handle_) { other.handle_ = kNone; }
  Socket& operator=(Socket&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Socket() { Close(); }

  // Bytes read, 0 = the end; -1 = failed, or nothing in time.
  long Read(char* data, size_t size, Deadline deadline) const;
  // All of it, or false.
  bool Write(const char* data, size_t size, Deadline deadline) const;
  enum class For { kReading, kWriting };
  // False when the deadline came first.
  bool Wait(For what, Deadline deadline) const;
  intptr_t handle() const { return handle_; }

 private:
  static constexpr intptr_t kNone = -1;
  explicit Socket(intptr_t handle) : handle_(handle) {}
  void Close();

  intptr_t handle_ = kNone;
};

}  // namespace nscp::fetch
