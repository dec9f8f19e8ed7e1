// What a question to WMI is answered with: columns with their types, and rows. Values;
// any thread. Source: Microsoft's "CIM types", "CIM_DATETIME" and "Numbers" of WMI, by
// which uint64 and sint64 travel as text and uint32 as a signed number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nscp::wmi {

// Bytes of one value; a longer one is cut and ends in "...".
constexpr size_t kMaxText = 64 * 1024;
// Of an array; further elements are left out and "..." says so.
constexpr size_t kMaxElements = 1000;
constexpr size_t kMaxColumns = 1000;

enum class Kind {
  kInteger,
  kReal,
  kBoolean,   // integer: 0 or 1
  kText,      // references and embedded objects too
  kDate,      // integer: seconds since 1970; none for a date with gaps
  kInterval,  // integer: seconds
  kList,      // its text alone: "[a, b]"
};

// What a column holds, CIM's numbers for its types (CIMTYPE_ENUMERATION).
enum CimType {
  kCimInt16 = 2,
  kCimInt32 = 3,
  kCimReal32 = 4,
  kCimReal64 = 5,
  kCimText = 8,
  kCimBoolean = 11,
  kCimInt8 = 16,
  kCimUint8 = 17,
  kCimUint16 = 18,
  kCimUint32 = 19,
  kCimInt64 = 20,
  kCimUint64 = 21,
  kCimDateTime = 101,
  kCimChar16 = 103,
  kCimArray = 0x2000,  // a flag beside one of the others
};

struct Value {
  bool is_null = true;             // WMI has no value there
  std::optional<int64_t> integer;  // clamped where a uint64 does not fit
  double real = 0;
  std::string text;  // as WMI has it, in UTF-8; "" where there is none
};

// A value as it came, without its COM types.
using Raw = std::variant<std::monostate, int64_t, double, bool, std::string>;

// A date may be an interval in any row, so the value decides between the two.
Kind KindOf(int cim_type);
Value MakeValue(int cim_type, const Raw& raw);
// `total`: how many elements there were before the bound.
Value MakeList(int cim_type, const std::vector<Raw>& elements, size_t total);

// "20261122174007.000000+060" as seconds since 1970, "00000008130000.000000:000" (eight
// days, 13 hours) as seconds. Nothing for a text that is neither or has gaps ("****").
std::optional<int64_t> ParseDateTime(std::string_view text);
// Whether it is of the second form.
bool IsInterval(std::string_view text);

// The class that a query in WQL asks: the word behind FROM. Empty where there is none.
std::string ClassOf(std::string_view wql);

struct Column {
  std::string name;
  Kind kind = Kind::kText;
};
// Gives columns that the query names the spelling that it has for them: WMI's own differs
// between versions of Windows, and nobody looks it up.
void SpellAsAsked(std::string_view wql, std::vector<Column>& columns);

// In the order of the columns; may be shorter, what is missing is null.
using Row = std::vector<Value>;

struct Table {
  std::vector<Column> columns;
  std::vector<Row> rows;
  bool cut = false;  // there was more than the limits allow

  // Names are compared without case, as WMI does.
  std::optional<size_t> Find(std::string_view column) const;
  // A null value where the row has none.
  const Value& At(const Row& row, std::string_view column) const;
};

const Value& At(const Row& row, size_t column);

}  // namespace nscp::wmi
