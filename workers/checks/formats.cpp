#include "workers/checks/formats.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "proto/cpp/text.h"
#include "workers/checks/letters.h"

namespace nscp::checks {
namespace {

constexpr std::string_view kByteUnits = "BKMGTPE";
constexpr int64_t kMaxSeconds = int64_t{1} << 53;
constexpr int64_t kMinute = 60;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;
constexpr int64_t kWeek = 7 * kDay;

char UpperAscii(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string WithDecimals(double number, int decimals) {
  char digits[400];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), number,
                                          std::chars_format::fixed, decimals);
  return error != std::errc() || !std::isfinite(number) ? "0" : std::string(digits, end);
}

// At most three decimals, no zeros at the end.
std::string ThreeDecimals(double number) {
  std::string digits = WithDecimals(number, 3);
  if (digits.find('.') == std::string::npos) return digits;
  digits.resize(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits == "-0" ? "0" : digits;
}

std::string TwoDigits(int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string HoursAndMinutes(int64_t seconds) {
  return TwoDigits(seconds / kHour) + ":" + TwoDigits(seconds % kHour / kMinute);
}

}  // namespace

std::optional<int64_t> SecondsOf(char unit) {
  switch (UpperAscii(unit)) {
    case 'S':
      return 1;
    case 'M':
      return kMinute;
    case 'H':
      return kHour;
    case 'D':
      return kDay;
    case 'W':
      return kWeek;
    default:
      return std::nullopt;
  }
}

std::optional<double> BytesOf(char unit) {
  const size_t power = kByteUnits.find(UpperAscii(unit));
  if (power == std::string_view::npos) return std::nullopt;
  return std::ldexp(1.0, static_cast<int>(10 * power));
}

std::optional<int64_t> ParseDuration(std::string_view text) {
  text = Trim(text);
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || number < 0 || end - rest > 1) return std::nullopt;
  const auto factor = rest == end ? std::optional<int64_t>(1) : SecondsOf(*rest);
  if (!factor || number > kMaxSeconds / *factor) return std::nullopt;
  return number * *factor;
}

std::optional<int64_t> ParseBytes(std::string_view text) {
  text = Trim(text);
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || number < 0) return std::nullopt;
  const auto factor = rest == end ? std::optional<double>(1) : BytesOf(*rest);
  if (!factor || !std::all_of(rest, end, IsLetter)) return std::nullopt;
  // Below 2^63 in doubles is below 2^63 in integers, since the factor is a power of two.
  if (static_cast<double>(number) * *factor >= 9223372036854775808.0) return std::nullopt;
  return number * static_cast<int64_t>(*factor);
}

std::string FormatPercent(double percent) { return WithDecimals(percent, 2); }

std::string FormatBytes(double bytes) {
  size_t power = 0;
  while (std::abs(bytes) > 999 && power + 1 < kByteUnits.size()) {
    bytes /= 1024;
    ++power;
  }
  std::string text = ThreeDecimals(bytes);
  if (power > 0) text += kByteUnits[power];
  return text + "B";
}

std::string FormatBytesIn(double bytes, char unit) {
  return ThreeDecimals(bytes / BytesOf(unit).value_or(1));
}

std::string FormatGeneral(double number) {
  char digits[64];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), number,
                                          std::chars_format::general, 6);
  return error == std::errc() ? std::string(digits, end) : "0";
}

std::string FormatUptime(int64_t seconds, char largest) {
  const int64_t limit = SecondsOf(largest).value_or(kWeek);
  if (limit >= kWeek && seconds > kWeek) {
    return std::to_string(seconds / kWeek) + "w " +
           std::to_string(seconds % kWeek / kDay) + "d " +
           HoursAndMinutes(seconds % kDay);
  }
  if (limit >= kDay && seconds > kDay) {
    return std::to_string(seconds / kDay) + "d " + HoursAndMinutes(seconds % kDay);
  }
  if (limit >= kHour && seconds > kHour) return HoursAndMinutes(seconds);
  if (limit >= kMinute && seconds > kMinute) return "0:" + TwoDigits(seconds / kMinute);
  if (seconds > 1) return std::to_string(seconds) + "s";
  return std::to_string(seconds * 1000);
}

std::string DecodeSeparator(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    constexpr std::string_view kEscapes = "nrt\\";
    constexpr std::string_view kMeanings = "\n\r\t\\";
    const size_t known = text[i] == '\\' && i + 1 < text.size()
                             ? kEscapes.find(text[i + 1])
                             : std::string_view::npos;
    if (known == std::string_view::npos) {
      decoded += text[i];
    } else {
      decoded += kMeanings[known];
      ++i;
    }
  }
  return decoded;
}

int64_t RoundToInteger(double number) { return TruncateToInteger(std::round(number)); }

int64_t TruncateToInteger(double number) {
  // 2^63 is the first double that does not fit.
  constexpr double kLimit = 9223372036854775808.0;
  if (std::isnan(number)) return 0;
  if (number >= kLimit) return std::numeric_limits<int64_t>::max();
  if (number < -kLimit) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(number);
}

}  // namespace nscp::checks
