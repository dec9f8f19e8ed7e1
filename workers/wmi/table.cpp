#include "workers/wmi/table.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <type_traits>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::wmi {
namespace {

constexpr int64_t kMinute = 60;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;
constexpr size_t kDateTimeSize = 25;  // "yyyymmddHHMMSS.mmmmmmsUUU"
constexpr size_t kPoint = 14;
constexpr size_t kSign = 21;

std::optional<int64_t> Digits(std::string_view text) {
  int64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

// Days since 1970-01-01 in the Gregorian calendar (H. Hinnant, days_from_civil).
int64_t DaysSince1970(int64_t year, int64_t month, int64_t day) {
  if (month <= 2) --year;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

std::optional<int64_t> TimeOfDay(std::string_view text) {
  const auto hour = Digits(text.substr(0, 2));
  const auto minute = Digits(text.substr(2, 2));
  const auto second = Digits(text.substr(4, 2));
  if (!hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return *hour * kHour + *minute * kMinute + *second;
}

std::optional<int64_t> ParseInterval(std::string_view text) {
  const auto days = Digits(text.substr(0, 8));
  const auto time = TimeOfDay(text.substr(8));
  if (!days || !time) return std::nullopt;
  return *days * kDay + *time;
}

std::optional<int64_t> ParseTime(std::string_view text) {
  const auto year = Digits(text.substr(0, 4));
  const auto month = Digits(text.substr(4, 2));
  const auto day = Digits(text.substr(6, 2));
  const auto time = TimeOfDay(text.substr(8));
  const auto offset = Digits(text.substr(kSign + 1));
  if (!year || !month || !day || !time || !offset) return std::nullopt;
  if (*month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  const int64_t local = DaysSince1970(*year, *month, *day) * kDay + *time;
  return text[kSign] == '-' ? local + *offset * kMinute : local - *offset * kMinute;
}

bool HasForm(std::string_view text) {
  return text.size() == kDateTimeSize && text[kPoint] == '.';
}

// A number that came as text; too large ones are clamped.
std::optional<int64_t> ParseInteger(std::string_view text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (stop != end || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    return text[0] == '-' ? std::numeric_limits<int64_t>::min()
                          : std::numeric_limits<int64_t>::max();
  }
  return error == std::errc() ? std::optional<int64_t>(number) : std::nullopt;
}

// Unsigned types that COM knows no place for come as signed ones.
int64_t Unsigned(int cim_type, int64_t number) {
  switch (cim_type) {
    case kCimUint8:
      return static_cast<uint8_t>(number);
    case kCimUint16:
    case kCimChar16:
      return static_cast<uint16_t>(number);
    case kCimUint32:
      return static_cast<uint32_t>(number);
    default:
      return number;
  }
}

std::string RealText(double number) {
  char text[64];
  const auto [end, error] = std::to_chars(text, text + sizeof(text), number);
  return error == std::errc() ? std::string(text, end) : "";
}

Value FromInteger(int cim_type, int64_t number) {
  Value value;
  value.is_null = false;
  value.integer = Unsigned(cim_type, number);
  value.real = static_cast<double>(*value.integer);
  value.text = std::to_string(*value.integer);
  return value;
}

Value FromReal(double number) {
  Value value;
  value.is_null = false;
  value.real = number;
  value.text = RealText(number);
  return value;
}

Value FromBoolean(bool truth) {
  Value value;
  value.is_null = false;
  value.integer = truth ? 1 : 0;
  value.real = truth ? 1 : 0;
  value.text = truth ? "True" : "False";
  return value;
}

Value FromText(int cim_type, const std::string& text) {
  Value value;
  value.is_null = false;
  value.text = CutUtf8(RepairUtf8(text), kMaxText);
  if (cim_type == kCimDateTime) {
    value.integer = ParseDateTime(text);
  } else if (KindOf(cim_type) == Kind::kInteger) {
    value.integer = ParseInteger(text);
    value.real = static_cast<double>(value.integer.value_or(0));
  }
  return value;
}

// Takes the next word away from the text; empty at its end.
std::string_view NextWord(std::string_view& text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(kBlanks)));
  const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

Kind KindOf(int cim_type) {
  if ((cim_type & kCimArray) != 0) return Kind::kList;
  switch (cim_type) {
    case kCimReal32:
    case kCimReal64:
      return Kind::kReal;
    case kCimBoolean:
      return Kind::kBoolean;
    case kCimDateTime:
      return Kind::kDate;
    case kCimInt8:
    case kCimInt16:
    case kCimInt32:
    case kCimInt64:
    case kCimUint8:
    case kCimUint16:
    case kCimUint32:
    case kCimUint64:
    case kCimChar16:
      return Kind::kInteger;
    default:
      return Kind::kText;
  }
}

Value MakeValue(int cim_type, const Raw& raw) {
  return std::visit(
      [&](const auto& held) -> Value {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, int64_t>) {
          return FromInteger(cim_type, held);
        } else if constexpr (std::is_same_v<Held, double>) {
          return FromReal(held);
        } else if constexpr (std::is_same_v<Held, bool>) {
          return FromBoolean(held);
        } else if constexpr (std::is_same_v<Held, std::string>) {
          return FromText(cim_type, held);
        } else {
          return Value();
        }
      },
      raw);
}

Value MakeList(int cim_type, const std::vector<Raw>& elements, size_t total) {
  Value list;
  list.is_null = false;
  list.text = "[";
  for (const Raw& element : elements) {
    if (list.text.size() > 1) list.text += ", ";
    list.text += MakeValue(cim_type & ~kCimArray, element).text;
    if (list.text.size() > kMaxText) break;
  }
  if (total > elements.size()) list.text += ", ...";
  list.text = CutUtf8(list.text, kMaxText) + "]";
  return list;
}

bool IsInterval(std::string_view text) { return HasForm(text) && text[kSign] == ':'; }

std::optional<int64_t> ParseDateTime(std::string_view text) {
  if (!HasForm(text)) return std::nullopt;
  if (text[kSign] == ':') return ParseInterval(text);
  if (text[kSign] == '+' || text[kSign] == '-') return ParseTime(text);
  return std::nullopt;
}

std::string ClassOf(std::string_view wql) {
  bool is_next = false;
  while (true) {
    const std::string_view word = NextWord(wql);
    if (word.empty() || is_next) return std::string(word);
    is_next = EqualsIgnoreCase(word, "from");
  }
}

void SpellAsAsked(std::string_view wql, std::vector<Column>& columns) {
  if (!EqualsIgnoreCase(NextWord(wql), "select")) return;
  std::string list;
  for (auto word = NextWord(wql); !word.empty() && !EqualsIgnoreCase(word, "from");
       word = NextWord(wql)) {
    list += word;
  }
  for (const std::string& name : SplitList(list)) {
    for (Column& column : columns) {
      if (EqualsIgnoreCase(column.name, name)) column.name = name;
    }
  }
}

const Value& At(const Row& row, size_t column) {
  static const Value none;
  return column < row.size() ? row[column] : none;
}

std::optional<size_t> Table::Find(std::string_view column) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (EqualsIgnoreCase(columns[i].name, column)) return i;
  }
  return std::nullopt;
}

const Value& Table::At(const Row& row, std::string_view column) const {
  return wmi::At(row, Find(column).value_or(row.size()));
}

}  // namespace nscp::wmi
