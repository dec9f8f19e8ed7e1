#include "workers/scheduler/cron.h"

#include <charconv>
#include <string>
#include <vector>

#include "proto/cpp/text.h"

namespace nscp::scheduler {
namespace {

constexpr int64_t kMinute = 60;
constexpr int64_t kHour = 3600;
constexpr int64_t kYear = 366 * 24 * kHour;

struct Range {
  const char* name;
  int first;
  int last;
};
constexpr Range kMinutes{"minute", 0, 59};
constexpr Range kHours{"hour", 0, 23};
constexpr Range kDays{"day of month", 1, 31};
constexpr Range kMonths{"month", 1, 12};
constexpr Range kWeekdays{"day of week", 0, 7};

std::optional<int> Number(std::string_view text) {
  int number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = Trim(text)).empty()) {
    const size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

// "*", "5", "1-5", each with "/step".
bool AddItem(std::string_view item, const Range& range, std::bitset<64>& field) {
  int step = 1;
  if (const size_t slash = item.find('/'); slash != item.npos) {
    const auto given = Number(item.substr(slash + 1));
    if (!given || *given < 1) return false;
    step = *given;
    item = item.substr(0, slash);
  }
  std::optional<int> first = range.first;
  std::optional<int> last = range.last;
  if (item != "*") {
    const size_t dash = item.find('-');
    first = Number(item.substr(0, dash));
    last = dash == item.npos ? first : Number(item.substr(dash + 1));
  }
  if (!first || !last || *first < range.first || *last > range.last || *first > *last) {
    return false;
  }
  for (int value = *first; value <= *last; value += step) {
    field.set(static_cast<size_t>(value));
  }
  return true;
}

Result<std::bitset<64>> ParseField(std::string_view text, const Range& range) {
  std::bitset<64> field;
  std::string_view rest = text;
  for (;;) {
    const size_t comma = rest.find(',');
    if (!AddItem(rest.substr(0, comma), range, field)) {
      return Status::InvalidArgument(
          "'" + std::string(text) + "' is no " + range.name +
          ": write * or numbers from " + std::to_string(range.first) + " to " +
          std::to_string(range.last) + " with commas between them");
    }
    if (comma == rest.npos) return field;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace

Result<Cron> Cron::Parse(std::string_view text) {
  const std::vector<std::string_view> words = Words(text);
  if (words.size() != 5) {
    return Status::InvalidArgument("'" + std::string(text) +
                                   "' has not the five fields minute, hour, day of "
                                   "month, month, day of week");
  }
  Cron cron;
  ASSIGN_OR_RETURN(cron.minutes_, ParseField(words[0], kMinutes));
  ASSIGN_OR_RETURN(cron.hours_, ParseField(words[1], kHours));
  ASSIGN_OR_RETURN(cron.days_, ParseField(words[2], kDays));
  ASSIGN_OR_RETURN(cron.months_, ParseField(words[3], kMonths));
  ASSIGN_OR_RETURN(cron.weekdays_, ParseField(words[4], kWeekdays));
  if (cron.weekdays_.test(7)) cron.weekdays_.set(0);
  return cron;
}

bool Cron::MatchesDate(const checks::WallTime& time) const {
  return months_.test(static_cast<size_t>(time.month)) &&
         days_.test(static_cast<size_t>(time.day)) &&
         weekdays_.test(static_cast<size_t>(time.weekday));
}

// In steps no larger than what all between them share: an hour where date or hour do not
// match, since the clock may be put forward or back in between.
std::optional<int64_t> Cron::Next(int64_t after, const checks::TimeZone& zone) const {
  int64_t time = after - ((after % kMinute) + kMinute) % kMinute + kMinute;
  for (const int64_t end = after + kYearsAhead * kYear; time < end;) {
    const auto wall = zone.At(time);
    if (!wall) return std::nullopt;
    if (!MatchesDate(*wall) || !hours_.test(static_cast<size_t>(wall->hour))) {
      time += kHour - wall->minute * kMinute - wall->second;
    } else if (!minutes_.test(static_cast<size_t>(wall->minute))) {
      time += kMinute - wall->second;
    } else {
      return time;
    }
  }
  return std::nullopt;
}

}  // namespace nscp::scheduler
