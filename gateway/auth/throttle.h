// Slows guessing down (rest-api.md 2.3): after so many failures in a row an address is
// blocked for a while. Owned by the Authenticator, survives reloads of the settings; any
// thread.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

#include "gateway/auth/clock.h"

namespace nscp::gateway {

class Throttle {
 public:
  // Addresses remembered; beyond it the one that failed longest ago is forgotten, blocked
  // ones last.
  static constexpr size_t kMaxAddresses = 4096;

  struct Limits {
    unsigned max_failures = 10;  // 0 = no limit
    std::chrono::seconds block{60};
  };

  explicit Throttle(Clock clock);

  void SetLimits(const Limits& limits);
  bool Blocked(const std::string& address) const;
  // A wrong credential. True when this one has blocked the address.
  bool Fail(const std::string& address);
  void Succeed(const std::string& address);
  size_t size() const;

 private:
  struct Entry {
    unsigned failures = 0;
    TimePoint last{};
    TimePoint blocked_until{};
  };

  void MakeRoom(TimePoint now);

  const Clock clock_;
  mutable std::mutex mutex_;
  Limits limits_;                                   // guarded by mutex_
  std::unordered_map<std::string, Entry> entries_;  // guarded by mutex_
};

}  // namespace nscp::gateway
