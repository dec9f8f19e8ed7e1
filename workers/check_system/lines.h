// The lines of a text, one after the other, without their ends.
#pragma once

#include <algorithm>
#include <string_view>

namespace nscp::check_system {

// Calls `visit(std::string_view)` for each.
template <class Visit>
void ForEachLine(std::string_view text, Visit visit) {
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    visit(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace nscp::check_system
