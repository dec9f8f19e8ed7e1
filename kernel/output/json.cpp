#include "kernel/output/json.h"

#include <charconv>
#include <cmath>

#include "kernel/output/letters.h"
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
  while (!text.empty()) {
    const Letter letter = FirstLetter(text);
    if (letter.code == '"' || letter.code == '\\') text_ += '\\';
    if (letter.code == '\n') {
      text_ += "\\n";
    } else if (IsControl(letter.code)) {
      text_ += "\\u";
      for (const unsigned shift : {12U, 8U, 4U, 0U}) {
        text_ += kEscapeDigits[(letter.code >> shift) & 0xFU];
      }
    } else {
      text_ += text.substr(0, letter.bytes);
    }
    text.remove_prefix(letter.bytes);
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
