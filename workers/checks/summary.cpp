#include "workers/checks/summary.h"

namespace nscp::checks {
namespace {

using sdk::State;

template <class Wanted>
std::string JoinRows(const Summary& summary, Wanted wanted) {
  std::string joined;
  for (const Summary::Row& row : summary.rows) {
    if (!row.listed || row.text.empty() || !wanted(row.state)) continue;
    if (!joined.empty()) joined += summary.separator;
    joined += row.text;
  }
  return joined;
}

}  // namespace

void Summary::Escalate(State to) {
  if (to == State::kUnknown) {
    if (state == State::kOk) state = to;
  } else if (state == State::kUnknown || to > state) {
    state = to;
  }
}

std::string Summary::List() const {
  return JoinRows(*this, [](State) { return true; });
}

std::string Summary::OkList() const {
  return JoinRows(*this, [](State row) { return row == State::kOk; });
}

std::string Summary::WarningList() const {
  if (all_warning) return List();
  return JoinRows(*this, [](State row) { return row == State::kWarning; });
}

std::string Summary::CriticalList() const {
  if (all_critical) return List();
  return JoinRows(*this, [](State row) { return row == State::kCritical; });
}

std::string Summary::ProblemList() const {
  if (all_warning || all_critical) return List();
  return JoinRows(*this, [](State row) { return row != State::kOk; });
}

std::string Summary::DetailList() const {
  std::string joined;
  auto append = [&](const std::string& group) {
    if (group.empty()) return;
    if (!joined.empty()) joined += separator;
    joined += group;
  };
  const std::string critical = CriticalList();
  const std::string warning = WarningList();
  if (!critical.empty()) append("critical(" + critical + ")");
  if (!warning.empty()) append("warning(" + warning + ")");
  append(OkList());
  return joined;
}

Keywords<Summary> SummaryKeywords() {
  Keywords<Summary> k;
  auto number = [&](const char* name, const char* description, auto get) {
    k.Integer(name, description, get).Perf("", "");
  };
  number("count", "Number of objects that matched the filter",
         [](const Summary& s) { return s.count(); });
  number("total", "Number of objects examined", [](const Summary& s) { return s.total; });
  number("ok_count", "Number of matched objects that are OK",
         [](const Summary& s) { return s.count() - s.warn_count - s.crit_count; });
  number("warn_count", "Number of matched objects that are WARNING",
         [](const Summary& s) { return s.warn_count; });
  number("crit_count", "Number of matched objects that are CRITICAL",
         [](const Summary& s) { return s.crit_count; });
  number("problem_count", "Number of matched objects that are WARNING or CRITICAL",
         [](const Summary& s) { return s.warn_count + s.crit_count; });
  k.Text("list", "All matched objects", &Summary::List);
  k.Text("lines", "Alias for: list", &Summary::List);
  k.Text("ok_list", "The matched objects that are OK", &Summary::OkList);
  k.Text("warn_list", "The matched objects that are WARNING", &Summary::WarningList);
  k.Text("crit_list", "The matched objects that are CRITICAL", &Summary::CriticalList);
  k.Text("problem_list", "The matched objects that are WARNING or CRITICAL",
         &Summary::ProblemList);
  k.Text("detail_list", "All matched objects, grouped by state", &Summary::DetailList);
  k.Text("status", "The state of the check: OK, WARNING, CRITICAL or UNKNOWN",
         [](const Summary& s) { return sdk::StateName(s.state); });
  k.Text("sep", "The list separator",
         [](const Summary& s) { return std::string_view(s.separator); });
  return k;
}

}  // namespace nscp::checks
