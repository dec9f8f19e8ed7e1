#include "proto/cpp/secret.h"

#include <cstdint>

namespace nscp {
namespace {

constexpr size_t kTokenBytes = 32;

}  // namespace

Result<std::string> NewToken() {
  ASSIGN_OR_RETURN(const std::string bytes, RandomBytes(kTokenBytes));
  return ToHex(bytes);
}

std::string ToHex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 15]);
  }
  return hex;
}

bool EqualsConstantTime(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<uint8_t>(a[i]) ^ static_cast<uint8_t>(b[i]);
  }
  return difference == 0;
}

}  // namespace nscp
