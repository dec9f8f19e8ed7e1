// Versions of IP. Pure; any thread.
#pragma once

#include <string_view>

#include "proto/cpp/status.h"
#include "proto/cpp/text.h"

namespace nscp::net {

enum class Family { kAny, kV4, kV6 };

// any, ipv4 (4, v4, inet) and ipv6 (6, v6, inet6), in any case; empty is any.
inline Result<Family> ParseFamily(std::string_view text) {
  const std::string word = ToLowerAscii(Trim(text));
  if (word.empty() || word == "any") return Family::kAny;
  if (word == "ipv4" || word == "4" || word == "v4" || word == "inet") return Family::kV4;
  if (word == "ipv6" || word == "6" || word == "v6" || word == "inet6") {
    return Family::kV6;
  }
  return Status::InvalidArgument("Invalid address family: '" + std::string(text) +
                                 "' (expected any, ipv4 or ipv6)");
}

// Of a numeric address.
inline bool IsV6(std::string_view address) {
  return address.find(':') != std::string_view::npos;
}

}  // namespace nscp::net
