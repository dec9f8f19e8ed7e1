// Any text as what WMI and the task scheduler give: dates, numbers, queries, durations.
// Then the text as a filter over columns of each type. Links check_wmi and
// check_tasksched.
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/check.h"
#include "workers/check_tasksched/task.h"
#include "workers/check_wmi/wmi_check.h"
#include "workers/wmi/table.h"

namespace {

using namespace nscp;
using fuzz::Check;

wmi::Table TableOf(const std::string& text) {
  wmi::Table table;
  table.columns = {{"Text", wmi::Kind::kText},
                   {"Number", wmi::Kind::kInteger},
                   {"When", wmi::Kind::kDate},
                   {"Span", wmi::Kind::kInterval},
                   {"Many", wmi::Kind::kList}};
  wmi::Row row = {
      wmi::MakeValue(wmi::kCimText, text), wmi::MakeValue(wmi::kCimUint64, text),
      wmi::MakeValue(wmi::kCimDateTime, text), wmi::MakeValue(wmi::kCimDateTime, text),
      wmi::MakeList(wmi::kCimText | wmi::kCimArray, {text, text}, 3)};
  for (const wmi::Value& value : row) Check(value.text.size() <= wmi::kMaxText + 1);
  table.rows = {row, {}};
  return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto span = check_tasksched::ParseXsDuration(text)) Check(*span >= 0);
  if (wmi::IsInterval(text)) {
    if (const auto span = wmi::ParseDateTime(text)) Check(*span >= 0);
  }
  Check(wmi::ClassOf(text).size() <= text.size());
  wmi::Table table = TableOf(text);
  wmi::SpellAsAsked(text, table.columns);

  static const check_wmi::WmiCheck check(*checks::TimeZone::Parse("utc"));
  checks::Environment environment;
  environment.now = 1700000000;
  const auto result =
      check.Run({"query=" + text, "filter=" + text, "warn=" + text}, environment,
                [&](const auto&, const auto&) { return Result<wmi::Table>(table); });
  Check(result.lines.size() == 1);
  return 0;
}
