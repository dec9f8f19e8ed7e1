// HMAC-SHA256 with a key that is made at random for this object and never leaves it: how
// a secret is recognised again without being kept. Any thread.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "proto/cpp/status.h"

struct evp_mac_ctx_st;

namespace nscp::gateway {

class KeyedHash {
 public:
  // Fails only where the system has no random numbers or no HMAC-SHA256.
  static Result<KeyedHash> Create();

  // 32 bytes. Each part goes in with its length, so ("a","bc") and ("ab","c") differ.
  // Empty when the hash cannot be computed; callers treat that as "not known".
  std::string Of(std::initializer_list<std::string_view> parts) const;

 private:
  using Begun = std::shared_ptr<evp_mac_ctx_st>;
  explicit KeyedHash(Begun begun) : begun_(std::move(begun)) {}

  // Has taken the key and nothing more; each hash goes on from a copy of it. To look the
  // algorithm up and take the key anew costs ten times the hash.
  Begun begun_;
};

}  // namespace nscp::gateway
