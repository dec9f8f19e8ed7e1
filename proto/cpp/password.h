// Login passwords at rest: `pbkdf2-sha256$<iterations>$<salt hex>$<hash hex>` (RFC 8018,
// PBKDF2-HMAC-SHA256), the form that NSClient++ writes, so that stores can be exchanged.
// Any thread. One call costs tens of milliseconds of processor time on purpose: remember
// a verified credential rather than verifying it again.
#pragma once

#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp {

constexpr int kPasswordIterations = 100000;
// Stored strings that ask for more are refused: they would stop the login for minutes.
constexpr int kMaxPasswordIterations = 1000000;
constexpr size_t kPasswordSaltBytes = 16;
constexpr size_t kPasswordHashBytes = 32;
constexpr size_t kMaxPasswordBytes = 1024;
constexpr std::string_view kPasswordPrefix = "pbkdf2-sha256$";

// True for the stored form, well-formed or not: such a value is never hashed again.
bool IsPasswordHash(std::string_view stored);

// A new salt each time. An empty or too long password is InvalidArgument.
Result<std::string> HashPassword(std::string_view plain);

// `stored` is a hash, or a plain password (compared in constant time). An empty
// `presented`, an empty or malformed `stored`, and iterations
// outside 1..kMaxPasswordIterations are all false.
bool VerifyPassword(std::string_view stored, std::string_view presented);

}  // namespace nscp
