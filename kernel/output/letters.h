// The letters (code points) of UTF-8 text, for this room. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nscp::kernel {

struct Letter {
  uint32_t code;
  size_t bytes;
};

// The first letter of well-formed UTF-8 that is not empty.
Letter FirstLetter(std::string_view text);

struct LetterRange {
  uint32_t first;
  uint32_t last;
};
bool IsIn(uint32_t letter, const LetterRange* begin, const LetterRange* end);

// What a terminal acts on or hides: C0, DEL and C1; line and paragraph separators;
// bidirectional marks, embeddings and isolates; the byte order mark.
bool IsControl(uint32_t letter);

}  // namespace nscp::kernel
