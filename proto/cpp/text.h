// Small ASCII text functions that several rooms need. Locale-free; bytes above 127 are
// kept. Any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace nscp {

std::string ToLowerAscii(std::string_view text);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
// Without blanks, tabs and line ends at both sides.
std::string_view Trim(std::string_view text);
// The parts between separators; "a,,b" gives three parts, "" gives one empty part.
std::vector<std::string> Split(std::string_view text, char separator);
// The same, each part trimmed and empty ones left out: how lists stand in the ini file.
std::vector<std::string> SplitList(std::string_view text, char separator = ',');
std::string Join(const std::vector<std::string>& parts, std::string_view separator);
bool StartsWith(std::string_view text, std::string_view prefix);
bool EndsWith(std::string_view text, std::string_view suffix);
// `text` with every `from` (not empty) replaced by `to`.
std::string ReplaceAll(std::string_view text, std::string_view from, std::string_view to);
// "2 s", "0.2 s": to a tenth, for a limit is often counted down a little when it is told.
std::string FormatSeconds(std::chrono::milliseconds duration);

}  // namespace nscp
