#include "workers/check_event_log/classic_record.h"

#include <algorithm>

#include "workers/check_event_log/levels.h"

namespace nscp::check_event_log {
namespace {

// Offsets of EVENTLOGRECORD's fields, all of which are little-endian.
constexpr size_t kLength = 0;
constexpr size_t kSignature = 4;
constexpr size_t kRecordNumber = 8;
constexpr size_t kTimeGenerated = 12;
constexpr size_t kTimeWritten = 16;
constexpr size_t kEventId = 20;
constexpr size_t kEventType = 24;
constexpr size_t kNumStrings = 26;
constexpr size_t kEventCategory = 28;
constexpr size_t kStringOffset = 36;
constexpr size_t kUserSidLength = 40;
constexpr size_t kUserSidOffset = 44;
constexpr size_t kFixedSize = 56;
constexpr uint64_t kLfLe = 0x654c664c;
// What ReportEvent takes at most.
constexpr size_t kMaxStrings = 256;
constexpr size_t kMaxSubAuthorities = 15;

uint64_t NumberAt(std::string_view bytes, size_t offset, size_t size) {
  uint64_t number = 0;
  for (size_t i = 0; i < size && offset + i < bytes.size(); ++i) {
    number |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[offset + i]))
              << (8 * i);
  }
  return number;
}

void AppendUtf8(uint32_t c, std::string& out) {
  const auto add = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xc0 | c >> 6);
    add(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    add(0xe0 | c >> 12);
    add(0x80 | (c >> 6 & 0x3f));
    add(0x80 | (c & 0x3f));
  } else {
    add(0xf0 | c >> 18);
    add(0x80 | (c >> 12 & 0x3f));
    add(0x80 | (c >> 6 & 0x3f));
    add(0x80 | (c & 0x3f));
  }
}

// A text that ends with a zero; `offset` moves behind it.
std::string TextAt(std::string_view record, size_t& offset) {
  size_t end = offset;
  while (end + 1 < record.size() && NumberAt(record, end, 2) != 0) end += 2;
  const std::string text =
      offset < end ? Utf8OfUtf16(record.substr(offset, end - offset)) : "";
  offset = end + 2;
  return text;
}

}  // namespace

std::string Utf8OfUtf16(std::string_view bytes) {
  constexpr uint32_t kReplacement = 0xfffd;
  std::string text;
  for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
    auto c = static_cast<uint32_t>(NumberAt(bytes, at, 2));
    const bool is_high = c >= 0xd800 && c < 0xdc00;
    if (is_high && at + 3 < bytes.size()) {
      const auto low = static_cast<uint32_t>(NumberAt(bytes, at + 2, 2));
      if (low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        at += 2;
      }
    }
    AppendUtf8(c >= 0xd800 && c < 0xe000 ? kReplacement : c, text);
  }
  return text;
}

std::string SidText(std::string_view bytes) {
  constexpr size_t kHead = 8;
  if (bytes.size() < kHead || bytes[0] != 1) return "";
  const size_t count = static_cast<unsigned char>(bytes[1]);
  if (count > kMaxSubAuthorities || bytes.size() < kHead + 4 * count) return "";
  uint64_t authority = 0;  // six bytes, the big end first
  for (size_t i = 2; i < kHead; ++i) {
    authority = authority << 8 | static_cast<unsigned char>(bytes[i]);
  }
  std::string text = "S-1-" + std::to_string(authority);
  for (size_t i = 0; i < count; ++i) {
    text += "-" + std::to_string(NumberAt(bytes, kHead + 4 * i, 4));
  }
  return text;
}

std::optional<ClassicRecord> ReadClassicRecord(std::string_view bytes) {
  const size_t size = static_cast<size_t>(NumberAt(bytes, kLength, 4));
  if (bytes.size() < kFixedSize || size < kFixedSize || size > bytes.size() ||
      NumberAt(bytes, kSignature, 4) != kLfLe) {
    return std::nullopt;
  }
  const std::string_view record = bytes.substr(0, size);
  ClassicRecord read;
  read.size = size;
  Event& event = read.event;
  event.record = NumberAt(record, kRecordNumber, 4);
  event.generated = static_cast<int64_t>(NumberAt(record, kTimeGenerated, 4));
  event.written = static_cast<int64_t>(NumberAt(record, kTimeWritten, 4));
  event.time = FileTimeOfSeconds(event.written);
  event.raw_id = static_cast<uint32_t>(NumberAt(record, kEventId, 4));
  event.level = LevelOfType(static_cast<uint16_t>(NumberAt(record, kEventType, 2)));
  event.task = static_cast<uint32_t>(NumberAt(record, kEventCategory, 2));
  size_t offset = kFixedSize;
  event.provider = TextAt(record, offset);
  event.computer = TextAt(record, offset);
  const size_t sid_size = static_cast<size_t>(NumberAt(record, kUserSidLength, 4));
  const size_t sid = static_cast<size_t>(NumberAt(record, kUserSidOffset, 4));
  if (sid < size && sid_size <= size - sid) {
    event.sid = SidText(record.substr(sid, sid_size));
  }
  const size_t count =
      std::min(static_cast<size_t>(NumberAt(record, kNumStrings, 2)), kMaxStrings);
  offset = static_cast<size_t>(NumberAt(record, kStringOffset, 4));
  for (size_t i = 0; i < count && offset < size; ++i) {
    read.strings.push_back(TextAt(record, offset));
  }
  return read;
}

}  // namespace nscp::check_event_log
