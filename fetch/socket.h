// A connection, over TCP or within this machine, with an end of its time: connecting,
// reading and writing wait for the system, and never longer than until the deadline. One
// thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::fetch {

using Deadline = std::chrono::steady_clock::time_point;
// Of connecting to one address, so that the next one gets its turn.
constexpr std::chrono::milliseconds kConnectLimit{5000};
// How soon a socket that may be stopped looks whether it is.
constexpr std::chrono::milliseconds kStopLook{50};

class Socket {
 public:
  // Tries each address of the host. The time in which the system finds the addresses is
  // its resolver's own and not bounded by the deadline.
  static Result<Socket> Connect(const std::string& host, uint16_t port,
                                Deadline deadline);
  // To one numeric address ("127.0.0.1", "::1", "fe80::1%eth0"): no name is looked up. A
  // `stop` that becomes true ends every wait of this socket soon; it outlives the socket.
  // The message is the reason alone. DeadlineExceeded, Cancelled (`stop`), Aborted: the
  // other side refuses, InvalidArgument: no address, Unavailable: all else.
  static Result<Socket> ConnectAddress(const std::string& address, uint16_t port,
                                       Deadline deadline,
                                       const std::atomic<bool>* stop = nullptr);
  // A Unix socket of this machine, by its path. InvalidArgument for a path that is too
  // long for one; NotFound and PermissionDenied as the system says.
  static Result<Socket> ConnectLocal(const std::string& path, Deadline deadline);
  Socket() = default;
  Socket(Socket&& other) noexcept : handle_(other.handle_), stop_(other.stop_) {
    other.handle_ = kNone;
  }
  Socket& operator=(Socket&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(stop_, other.stop_);
    return *this;
  }
  ~Socket() { Close(); }

  // Bytes read, 0 = the end; -1 = failed, or nothing in time.
  long Read(char* data, size_t size, Deadline deadline) const;
  // All of it, or false.
  bool Write(const char* data, size_t size, Deadline deadline) const;
  enum class For { kReading, kWriting };
  // False when the deadline or `stop` came first.
  bool Wait(For what, Deadline deadline) const;
  intptr_t handle() const { return handle_; }

 private:
  static constexpr intptr_t kNone = -1;
  Socket(intptr_t handle, const std::atomic<bool>* stop) : handle_(handle), stop_(stop) {}
  // Begins to connect and waits for it. 0, or the system's error.
  int ConnectTo(const void* addrinfo, Deadline deadline);
  bool IsStopped() const { return stop_ != nullptr && *stop_; }
  // How long one wait may be.
  Deadline NextLook(Deadline deadline) const {
    if (stop_ == nullptr) return deadline;
    const Deadline look = std::chrono::steady_clock::now() + kStopLook;
    return look < deadline ? look : deadline;
  }
  void Close();

  intptr_t handle_ = kNone;
  const std::atomic<bool>* stop_ = nullptr;
};

}  // namespace nscp::fetch
