#include "kernel/output/visible.h"

#include <cstdint>
#include <iterator>

#include "kernel/output/letters.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr char kHexDigits[] = "0123456789abcdef";

size_t WidthOf(uint32_t letter) {
  static constexpr LetterRange kCombining[] = {
      {0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x610, 0x61A},
      {0x64B, 0x65F},   {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200D},
      {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF}};
  static constexpr LetterRange kWide[] = {
      {0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97F},
      {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},
      {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
  if (letter < 0x300) return 1;
  if (IsIn(letter, std::begin(kCombining), std::end(kCombining))) return 0;
  return IsIn(letter, std::begin(kWide), std::end(kWide)) ? 2 : 1;
}

std::string Hex(uint32_t code, int digits) {
  std::string text;
  for (int i = digits - 1; i >= 0; --i) {
    text += kHexDigits[(code >> static_cast<unsigned>(4 * i)) & 0xFU];
  }
  return text;
}

std::string Escape(uint32_t code) {
  switch (code) {
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\r':
      return "\\r";
    default:
      return code < 0x80 ? "\\x" + Hex(code, 2) : "\\u" + Hex(code, 4);
  }
}

std::string Clean(std::string_view bytes, bool keep_lines) {
  const std::string repaired = RepairUtf8(bytes);
  std::string_view rest = repaired;
  std::string text;
  text.reserve(rest.size());
  while (!rest.empty()) {
    const Letter letter = FirstLetter(rest);
    const bool kept = keep_lines && (letter.code == '\n' || letter.code == '\t');
    if (IsControl(letter.code) && !kept) {
      text += Escape(letter.code);
    } else {
      text += rest.substr(0, letter.bytes);
    }
    rest.remove_prefix(letter.bytes);
  }
  return text;
}

}  // namespace

std::string Visible(std::string_view bytes) { return Clean(bytes, false); }
std::string VisibleLines(std::string_view bytes) { return Clean(bytes, true); }

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Letter letter = FirstLetter(text);
    width += WidthOf(letter.code);
    text.remove_prefix(letter.bytes);
  }
  return width;
}

std::string CutToWidth(std::string_view text, size_t columns) {
  if (DisplayWidth(text) <= columns) return std::string(text);
  if (columns == 0) return "";
  size_t width = 0;
  size_t end = 0;
  while (end < text.size()) {
    const Letter letter = FirstLetter(text.substr(end));
    if (width + WidthOf(letter.code) > columns - 1) break;
    width += WidthOf(letter.code);
    end += letter.bytes;
  }
  return std::string(text.substr(0, end)).append(kEllipsis);
}

}  // namespace nscp::kernel
