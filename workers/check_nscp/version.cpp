#include "workers/check_nscp/version.h"

#include <algorithm>
#include <charconv>

#include "proto/cpp/text.h"

namespace nscp::check_nscp {
namespace {

constexpr std::string_view kDigits = "0123456789";

// "rc10" comes behind "rc9": runs of digits are compared as numbers.
int CompareSuffixes(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const size_t digits_a = std::min(a.find_first_not_of(kDigits), a.size());
    const size_t digits_b = std::min(b.find_first_not_of(kDigits), b.size());
    if (digits_a > 0 && digits_b > 0) {
      if (digits_a != digits_b) return digits_a < digits_b ? -1 : 1;
      const int order = a.substr(0, digits_a).compare(b.substr(0, digits_b));
      if (order != 0) return order;
      a.remove_prefix(digits_a);
      b.remove_prefix(digits_b);
    } else if (a.front() != b.front()) {
      return a.front() < b.front() ? -1 : 1;
    } else {
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  if (a.empty() == b.empty()) return 0;
  return a.empty() ? -1 : 1;
}

}  // namespace

Version ParseVersion(std::string_view text) {
  Version version;
  const size_t begin = text.find_first_of(kDigits);
  if (begin == std::string_view::npos) return version;
  text.remove_prefix(begin);
  const size_t blank = std::min(text.find(' '), text.size());
  version.date = Trim(text.substr(blank));
  text = text.substr(0, blank);
  version.text = text;
  for (int64_t& number : version.numbers) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc()) return version;
    version.valid = true;
    text.remove_prefix(static_cast<size_t>(read.ptr - text.data()));
    if (text.size() < 2 || text[0] != '.' ||
        kDigits.find(text[1]) == std::string_view::npos) {
      break;
    }
    text.remove_prefix(1);
  }
  // What stands behind "+" is about how it was built.
  text = text.substr(0, std::min(text.find('+'), text.size()));
  const size_t word = text.find_first_not_of("-~_.0123456789");
  if (word != std::string_view::npos) version.suffix = text.substr(word);
  return version;
}

bool IsNewer(const Version& one, const Version& other) {
  if (one.numbers != other.numbers) return one.numbers > other.numbers;
  if (one.suffix.empty() || other.suffix.empty()) {
    return one.suffix.empty() && !other.suffix.empty();
  }
  return CompareSuffixes(one.suffix, other.suffix) > 0;
}

}  // namespace nscp::check_nscp
