// HMAC-SHA256 with a key that is made at random for this object and never leaves it: how
// a secret is recognised again without being kept. Any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::gateway {

class KeyedHash {
 public:
  // Fails only where the system has no random numbers.
  static Result<KeyedHash> Create();

  // 32 bytes. Each part goes in with its length, so ("a","bc") and ("ab","c") differ.
  // Empty when the hash cannot be computed; callers treat that as "not known".
  std::string Of(std::initializer_list<std::string_view> parts) const;

 private:
  explicit KeyedHash(std::string key);

  std::string key_;
};

}  // namespace nscp::gateway
