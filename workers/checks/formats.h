// Forms in which checks read and print values (filter-engine.md 9): durations, bytes,
// plain numbers, separators. Locale-free. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nscp::checks {

// Seconds in one `unit` (s m h d w, any case), or nothing.
std::optional<int64_t> SecondsOf(char unit);
// Bytes in one `unit` (b k m g t p e, any case), or nothing.
std::optional<double> BytesOf(char unit);

// Seconds of "<digits>[smhdw]", blanks around it allowed. Nothing for any other text and
// for more than 2^53 seconds.
std::optional<int64_t> ParseDuration(std::string_view text);

// Bytes of "<digits>[b k m g t p e]", of a longer unit the first letter counts ("10MB").
// Nothing for any other text and for what does not fit.
std::optional<int64_t> ParseBytes(std::string_view text);
// A share in percent with two decimals: "97.34".
std::string FormatPercent(double percent);

// "205GB", "43.555GB", "512B": divided by 1024 while above 999, at most three decimals.
std::string FormatBytes(double bytes);
// The same number in the unit whose first letter is given, without a suffix.
std::string FormatBytesIn(double bytes, char unit);

// As a C++ stream prints it: six significant digits ("0.52", "1.23457e+06").
std::string FormatGeneral(double number);

// An uptime: "6w 0d 00:00", "42d 00:00", "03:59", "0:07", "59s". `largest` is the largest
// unit used: one of s m h d w.
std::string FormatUptime(int64_t seconds, char largest = 'w');

// With \n \r \t \\ decoded; other backslash pairs stay.
std::string DecodeSeparator(std::string_view text);

// The nearest whole number; what does not fit is clamped, NaN is 0.
int64_t RoundToInteger(double number);
int64_t TruncateToInteger(double number);

}  // namespace nscp::checks
