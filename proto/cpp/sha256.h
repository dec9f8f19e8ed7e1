// SHA-256. Pure; any thread. Source: FIPS 180-4, by OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace nscp {

// 64 hex digits in lower case.
std::string Sha256Hex(std::string_view bytes);

}  // namespace nscp
