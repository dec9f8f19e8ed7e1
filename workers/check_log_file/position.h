// Where reading of a file stopped, and how to tell later that it is still the same file:
// what stood at its beginning and just in front of that place. A size alone would not
// notice a file that was replaced by a larger one. Values and pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "workers/check_log_file/log_file.h"

namespace nscp::check_log_file {

// Bytes that each of the two fingerprints is made of, at most.
constexpr uint64_t kFingerprintBytes = 256;

// 64-bit FNV-1a (draft-eastlake-fnv): tells files apart, guards against nobody.
uint64_t Fnv1a(std::string_view bytes);
std::string ToHex(uint64_t number);  // 16 digits

struct Position {
  uint64_t offset = 0;       // behind the last complete line that was read
  uint64_t head_length = 0;  // bytes from the file's beginning
  uint64_t head = 0;         // and their fingerprint
  uint64_t tail = 0;         // of the bytes in front of `offset`

  bool operator==(const Position& other) const {
    return offset == other.offset && head_length == other.head_length &&
           head == other.head && tail == other.tail;
  }
};

// "1|<offset>|<head length>|<head>|<tail>".
std::string FormatPosition(const Position& position);
// The beginning of a file where the text is none.
Position ParsePosition(std::string_view text);

// The position at `offset` of a source of that size.
Result<Position> MakePosition(const ByteSource& source, uint64_t size, uint64_t offset);

// Where to read on: the position's offset, or 0 where the file was cut short or replaced.
Result<uint64_t> ResumeAt(const Position& position, const ByteSource& source,
                          uint64_t size);

}  // namespace nscp::check_log_file
