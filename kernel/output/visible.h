// Text from outside (log lines, reasons, module texts) as a terminal may get it: nothing
// in it moves the cursor, changes colours or the reading direction. Pure; any thread.
// Sources: ECMA-48 (control characters), Unicode UAX #9 (bidirectional controls), UAX #11
// (wide characters).
#pragma once

#include <string>
#include <string_view>

namespace nscp::kernel {

// UTF-8 in one line: line end, tab and carriage return become \n, \t and \r, every other
// control character \x1b or \u202e, what is no UTF-8 the replacement character.
std::string Visible(std::string_view bytes);
// The same, but line ends and tabs stay.
std::string VisibleLines(std::string_view bytes);

// Columns that a terminal gives to UTF-8 text without control characters: 0 for a mark
// that combines with the one before, 2 for East Asian wide characters, else 1.
size_t DisplayWidth(std::string_view text);
// The beginning of such a text that is at most `columns` wide; "…" ends what was cut.
std::string CutToWidth(std::string_view text, size_t columns);

}  // namespace nscp::kernel
