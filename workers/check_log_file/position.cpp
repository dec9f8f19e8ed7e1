#include "workers/check_log_file/position.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "proto/cpp/text.h"

namespace nscp::check_log_file {
namespace {

constexpr std::string_view kVersion = "1";

// Of the bytes from `from` to `to`. What is not there any more makes another one.
Result<uint64_t> FingerprintOf(const ByteSource& source, uint64_t from, uint64_t to) {
  std::string bytes(static_cast<size_t>(to - from), '\0');
  size_t have = 0;
  while (have < bytes.size()) {
    ASSIGN_OR_RETURN(const size_t got, source.ReadAt(from + have, bytes.data() + have,
                                                     bytes.size() - have));
    if (got == 0) break;
    have += got;
  }
  return Fnv1a(std::string_view(bytes).substr(0, have));
}

uint64_t TailStart(uint64_t offset) {
  return offset - std::min(offset, kFingerprintBytes);
}

bool ParseNumber(const std::string& text, uint64_t& out) {
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && at == end;
}

}  // namespace

uint64_t Fnv1a(std::string_view bytes) {
  uint64_t hash = 14695981039346656037ull;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ull;
  }
  return hash;
}

std::string ToHex(uint64_t number) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, number >>= 4) {
    *digit = kDigits[number & 15];
  }
  return text;
}

std::string FormatPosition(const Position& position) {
  return Join({std::string(kVersion), std::to_string(position.offset),
               std::to_string(position.head_length), std::to_string(position.head),
               std::to_string(position.tail)},
              "|");
}

Position ParsePosition(std::string_view text) {
  const std::vector<std::string> parts = Split(text, '|');
  Position position;
  uint64_t* const numbers[] = {&position.offset, &position.head_length, &position.head,
                               &position.tail};
  if (parts.size() != std::size(numbers) + 1 || parts[0] != kVersion) return {};
  for (size_t i = 0; i < std::size(numbers); ++i) {
    if (!ParseNumber(parts[i + 1], *numbers[i])) return {};
  }
  const bool fits = position.head_length <= kFingerprintBytes;
  return fits ? position : Position();
}

Result<Position> MakePosition(const ByteSource& source, uint64_t size, uint64_t offset) {
  Position position;
  position.offset = offset;
  position.head_length = std::min(size, kFingerprintBytes);
  ASSIGN_OR_RETURN(position.head, FingerprintOf(source, 0, position.head_length));
  ASSIGN_OR_RETURN(position.tail, FingerprintOf(source, TailStart(offset), offset));
  return position;
}

Result<uint64_t> ResumeAt(const Position& position, const ByteSource& source,
                          uint64_t size) {
  if (position.offset == 0) return uint64_t{0};
  if (size < position.offset || size < position.head_length) return uint64_t{0};
  ASSIGN_OR_RETURN(const uint64_t head, FingerprintOf(source, 0, position.head_length));
  ASSIGN_OR_RETURN(const uint64_t tail,
                   FingerprintOf(source, TailStart(position.offset), position.offset));
  const bool same = head == position.head && tail == position.tail;
  return same ? position.offset : 0;
}

}  // namespace nscp::check_log_file
