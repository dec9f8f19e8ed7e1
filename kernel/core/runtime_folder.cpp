#include "kernel/core/runtime_folder.h"

#include <openssl/sha.h>

#include "proto/cpp/secret.h"

namespace nscp::kernel {
namespace {

constexpr size_t kInstanceDigits = 12;

}  // namespace

std::string InstanceId(const std::string& canonical_store) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(canonical_store.data()),
         canonical_store.size(), digest);
  return ToHex({reinterpret_cast<const char*>(digest), sizeof digest})
      .substr(0, kInstanceDigits);
}

}  // namespace nscp::kernel
