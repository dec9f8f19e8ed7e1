#include "workers/checks/summary.h"

namespace nscp::checks {
namespace {

using sdk::State;

enum ListIndex { kAll, kOk, kWarning, kCritical, kProblem, kDetail };

// The kept text of a list, made by `join` when something has changed since.
template <class Join>
std::string_view Kept(const Summary& summary, ListIndex which, Join join) {
  Summary::Joined& kept = summary.joined[which];
  if (kept.version != summary.version) {
    kept.text.clear();
    join(kept.text);
    kept.version = summary.version;
  }
  return kept.text;
}

template <class Wanted>
std::string_view JoinRows(const Summary& summary, ListIndex which, Wanted wanted) {
  return Kept(summary, which, [&](std::string& joined) {
    for (const Summary::Row& row : summary.rows) {
      if (!row.listed || row.text.empty() || !wanted(row.state)) continue;
      if (!joined.empty()) joined += summary.separator;
      joined += row.text;
    }
  });
}

}  // namespace

void Summary::Escalate(State to) {
  if (to == State::kUnknown) {
    if (state == State::kOk) state = to;
  } else if (state == State::kUnknown || to > state) {
    state = to;
  }
}

std::string_view Summary::List() const {
  return JoinRows(*this, kAll, [](State) { return true; });
}

std::string_view Summary::OkList() const {
  return JoinRows(*this, kOk, [](State row) { return row == State::kOk; });
}

std::string_view Summary::WarningList() const {
  if (all_warning) return List();
  return JoinRows(*this, kWarning, [](State row) { return row == State::kWarning; });
}

std::string_view Summary::CriticalList() const {
  if (all_critical) return List();
  return JoinRows(*this, kCritical, [](State row) { return row == State::kCritical; });
}

std::string_view Summary::ProblemList() const {
  if (all_warning || all_critical) return List();
  return JoinRows(*this, kProblem, [](State row) { return row != State::kOk; });
}

std::string_view Summary::DetailList() const {
  return Kept(*this, kDetail, [&](std::string& text) {
    auto append = [&](std::string_view before, std::string_view group,
                      std::string_view after) {
      if (group.empty()) return;
      if (!text.empty()) text += separator;
      text.append(before).append(group).append(after);
    };
    append("critical(", CriticalList(), ")");
    append("warning(", WarningList(), ")");
    append("", OkList(), "");
  });
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
