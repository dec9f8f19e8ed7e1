#include "kernel/output/letters.h"

#include <algorithm>
#include <iterator>

namespace nscp::kernel {

Letter FirstLetter(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = at(0);
  if (lead < 0x80) return {lead, 1};
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  uint32_t code = lead & (0xFFU >> (length + 1));
  for (size_t i = 1; i < length && i < text.size(); ++i) {
    code = (code << 6U) | (at(i) & 0x3FU);
  }
  return {code, std::min(length, text.size())};
}

bool IsIn(uint32_t letter, const LetterRange* begin, const LetterRange* end) {
  return std::any_of(begin, end, [letter](const LetterRange& range) {
    return letter >= range.first && letter <= range.last;
  });
}

bool IsControl(uint32_t letter) {
  static constexpr LetterRange kControls[] = {
      {0, 0x1F},        {0x7F, 0x9F},     {0x61C, 0x61C},  {0x200E, 0x200F},
      {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}};
  return IsIn(letter, std::begin(kControls), std::end(kControls));
}

}  // namespace nscp::kernel
