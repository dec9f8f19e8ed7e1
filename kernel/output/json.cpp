#include "kernel/output/json.h"

#include <charconv>
#include <cmath>

#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr char kEscapeDigits[] = "0123456789abcdef";
// The shortest form that reads back as the same double has at most 24 letters.
constexpr size_t kLongestReal = 32;
// Whole numbers are exact up to here in a double.
constexpr double kExact = 9007199254740992.0;

}  // namespace

JsonWriter& JsonWriter::Begin(char mark) {
  Separate();
  text_ += mark;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::End(char mark) {
  text_ += mark;
  needs_comma_ = true;
  return *this;
}

void JsonWriter::Separate() {
  if (needs_comma_) text_ += ',';
  needs_comma_ = true;
}

void JsonWriter::Quote(std::string_view text) {
  text_ += '"';
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      text_ += '\\';
      text_ += letter;
    } else if (letter == '\n') {
      text_ += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      text_ += "\\u00";
      text_ += kEscapeDigits[byte >> 4U];
      text_ += kEscapeDigits[byte & 0xFU];
    } else {
      text_ += letter;
    }
  }
  text_ += '"';
}

JsonWriter& JsonWriter::Key(std::string_view name) {
  Separate();
  Quote(RepairUtf8(name));
  text_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::Text(std::string_view bytes) {
  Separate();
  Quote(filter_ ? RepairUtf8(filter_(std::string(bytes))) : RepairUtf8(bytes));
  return *this;
}

JsonWriter& JsonWriter::Real(double number) {
  if (!std::isfinite(number)) return Null();
  if (std::fabs(number) <= kExact && number == std::trunc(number)) {
    return Integer(static_cast<int64_t>(number));
  }
  Separate();
  char digits[kLongestReal];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  text_.append(digits, end);
  return *this;
}

JsonWriter& JsonWriter::Integer(int64_t number) {
  Separate();
  text_ += std::to_string(number);
  return *this;
}

JsonWriter& JsonWriter::Count(uint64_t number) {
  Separate();
  text_ += std::to_string(number);
  return *this;
}

JsonWriter& JsonWriter::Bool(bool value) {
  Separate();
  text_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::Null() {
  Separate();
  text_ += "null";
  return *this;
}

}  // namespace nscp::kernel
