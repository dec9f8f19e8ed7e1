// Tokens and whose they are: the caller's identity is a fact that the kernel looks up,
// never a claim. A worker's token is void from the moment that its process is reaped. Any
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "kernel/policy/grants.h"
#include "nscp/v1/manifest.pb.h"

namespace nscp::kernel {

struct Identity {
  std::string slot;    // "cli" for the command line
  std::string module;  // module name; "cli" for the command line
  uint64_t incarnation = 0;
  Rights rights;
  std::shared_ptr<const v1::Manifest> manifest;  // null for the command line
};

class Identities {
 public:
  void Add(const std::string& token, Identity identity);
  void Remove(uint64_t incarnation);
  void Forget(const std::string& token);
  // Null when the token is nobody's. Tokens are compared through a keyed hash, so the
  // time taken tells nothing about them.
  std::shared_ptr<const Identity> Find(std::string_view token) const;

  Identities();

 private:
  std::string Hash(std::string_view token) const;

  std::string key_;  // random, of this process
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Identity>> by_hash_;
};

}  // namespace nscp::kernel
