// The text of an event as people read it: strings put into the message's template, and
// made one line. Pure functions over UTF-8; any thread.
//
// Source: FormatMessage's documentation (%1 to %99, %n!format!, %n, %%, %0), written anew
// because the system's own function trusts the template: a string that it asks for and
// that the event lacks is read from anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nscp::check_event_log {

// Strings that are missing are left out; at most kMaxEventText bytes.
std::string InsertStrings(std::string_view message,
                          const std::vector<std::string>& strings);

// Every run of blanks, tabs and line ends as one blank, none at the ends; cut to at most
// `limit` bytes where that is not 0.
std::string OneLine(std::string_view text, size_t limit);

}  // namespace nscp::check_event_log
