#include "workers/check_log_file/log_row.h"

#include <charconv>
#include <optional>

#include "proto/cpp/text.h"
#include "workers/check_log_file/lines.h"

namespace nscp::check_log_file {
namespace {

std::string_view Column(const LogRow& row, int64_t n) {
  if (row.separator == nullptr) return n == 1 ? std::string_view(row.line) : "";
  return ColumnOf(row.line, *row.separator, n);
}

// Nothing for what is no number, so that no comparison with one is true.
std::optional<double> Number(std::string_view text) {
  text = Trim(text);
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

checks::Keywords<LogRow> LogKeywords() {
  checks::Keywords<LogRow> k;
  k.Text("line", "The whole line",
         [](const LogRow& row) -> std::string_view { return row.line; });
  for (int n = 1; n <= kColumnKeywords; ++n) {
    k.Real("column" + std::to_string(n),
           "Column " + std::to_string(n) +
               " of the line; as a number where it is compared with one",
           [n](const LogRow& row) { return Number(Column(row, n)); })
        .NoValue("no number")
        .TextFace([n](const LogRow& row) { return Column(row, n); })
        .NoPerf();
  }
  for (const char* name : {"file", "filename"}) {
    k.Text(name, "The file that the line stands in, as it was given",
           [](const LogRow& row) -> std::string_view {
             return row.file == nullptr ? std::string_view() : *row.file;
           });
  }
  k.Call("column", "Any column of the line: column(12)", checks::Type::kText, 1, 1,
         [](const LogRow& row, const std::vector<checks::Value>& arguments) {
           const checks::Value number = checks::ToNumber(arguments[0]);
           return Column(row, static_cast<int64_t>(number.AsReal()));
         });
  return k;
}

}  // namespace nscp::check_log_file
