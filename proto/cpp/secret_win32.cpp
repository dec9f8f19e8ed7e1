#include <openssl/rand.h>

#include <climits>

#include "proto/cpp/secret.h"

namespace nscp {

Result<std::string> RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  if (count > INT_MAX || RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()),
                                    static_cast<int>(count)) != 1) {
    return Status::Internal("reading " + std::to_string(count) +
                            " random bytes: the system's random generator failed");
  }
  return bytes;
}

}  // namespace nscp
