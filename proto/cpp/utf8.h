// Bytes from outside (check output, file names, log lines, ini values, HTTP bodies)
// become text here and nowhere else: a proto3 `string` that is not UTF-8 loses the whole
// call. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace nscp {

bool IsUtf8(std::string_view bytes);

// The same text when it is UTF-8 already; else each byte that does not belong to a
// well-formed sequence (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF)
// becomes U+FFFD.
std::string RepairUtf8(std::string_view bytes);

// Shortens to at most `limit` bytes without cutting a character, and says so with
// `marker`.
std::string CutUtf8(std::string_view text, size_t limit, std::string_view marker = "...");

}  // namespace nscp
