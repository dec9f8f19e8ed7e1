#include "gateway/auth/authenticator.h"
#include "proto/cpp/password.h"

namespace nscp::gateway {

Authenticator::Passwords Authenticator::DefaultPasswords() {
  return {[](std::string_view password) { return HashPassword(password); },
          [](std::string_view stored, std::string_view presented) {
            return VerifyPassword(stored, presented);
          },
          [](std::string_view stored) { return IsPasswordHash(stored); }};
}

}  // namespace nscp::gateway
