#include "workers/check_wmi/wmi_check.h"

#include "workers/check_wmi/row_keywords.h"

namespace nscp::check_wmi {
namespace {

checks::OptionTable CheckOptions() {
  checks::OptionTable options;
  options.Text("target", "",
               "Computer to ask: its name or address, or a name of "
               "/settings/wmi/targets.\nWithout it this one.");
  options.Text("user", "",
               "Account on the other computer, such as DOMAIN\\name.\nWithout it that of "
               "the target, or the agent's own.");
  options.Text("password", "", "Password of that account.");
  options.Text("namespace", wmi::kDefaultNamespace, "Namespace that has the class.");
  options.Text("query", "",
               "Query in WQL, such as SELECT Name, FreeSpace FROM Win32_LogicalDisk.\n"
               "Every column that it selects is a keyword.");
  return options;
}

checks::FilterDefaults Defaults() {
  checks::FilterDefaults defaults;
  defaults.top_syntax = "${list}";
  defaults.detail_syntax = "%(line)";
  defaults.perf_syntax = "%(row)";
  return defaults;
}

Status TooMuch(const wmi::Table& table) {
  return Status::ResourceExhausted(
      "the query has more than " + std::to_string(table.rows.size()) +
      " rows or too much text: select fewer columns, or fewer rows with WHERE");
}

}  // namespace

WmiCheck::WmiCheck(checks::TimeZone zone)
    : zone_(std::move(zone)),
      options_(CheckOptions(), Defaults(), RowKeywords({}, zone_, false)) {}

sdk::CheckResult WmiCheck::Run(const std::vector<std::string>& arguments,
                               const checks::Environment& environment,
                               const Ask& ask) const {
  checks::OptionTable::Outcome outcome = options_.options().Parse(arguments);
  if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  const auto& parsed = std::get<checks::Arguments>(outcome);
  const std::string& wql = parsed.Text("query");
  if (wql.empty()) return sdk::CheckResult::Unknown("No query specified");

  const Login login{parsed.Text("target"), parsed.Text("user"), parsed.Text("password"),
                    parsed.Text("namespace")};
  const Result<wmi::Table> table = ask(login, wql);
  Status problem = table.status();
  if (table.ok() && table->cut) problem = TooMuch(*table);
  if (!problem.ok()) {
    return sdk::CheckResult::Unknown("WMIQuery failed: " + problem.message());
  }

  // Which keywords there are is known only now.
  const bool is_single = table->rows.size() == 1;
  const bool label_is_column = is_single && !parsed.Given("perf-syntax");
  const checks::Check<RowView> check(
      checks::OptionTable(), Defaults(),
      RowKeywords(table->columns, zone_, !label_is_column));
  return check.RunParsed(
      parsed, environment,
      [&](const checks::Arguments&, checks::Sink<RowView>& sink) -> Status {
        RowView view;
        for (const wmi::Row& row : table->rows) {
          view.row = &row;
          if (!is_single) ++view.number;
          if (!sink.Add(view)) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_wmi
