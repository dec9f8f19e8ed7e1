// Kinds of characters in expressions and literals: ASCII alone, whatever the locale.
#pragma once

namespace nscp::checks {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool IsNameChar(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }

}  // namespace nscp::checks
