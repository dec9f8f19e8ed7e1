#include "workers/check_system/check_kernel_stats.h"

#include <algorithm>
#include <cstdio>

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

// "57111.0/s", or the count.
std::string HumanStats(const KernelStatsRow& row) {
  if (!row.counts_up) return std::to_string(row.current);
  char text[64];
  std::snprintf(text, sizeof(text), "%.1f/s", row.rate);
  return text;
}

checks::Check<KernelStatsRow> MakeKernelStatsCheck() {
  checks::OptionTable options;
  options
      .List("type", {"ctxt", "processes", "threads"},
            "What to show: ctxt (context switches), processes (those that were created) "
            "or threads; may be given several times")
      .HideDefault();
  checks::FilterDefaults defaults;
  defaults.warning = {"name = 'threads' and current > 8000"};
  defaults.critical = {"name = 'threads' and current > 10000"};
  defaults.top_syntax = "${status} - ${list}";
  defaults.detail_syntax = "${label} ${human}";
  defaults.perf_syntax = "${name}";
  checks::Keywords<KernelStatsRow> k;
  k.Text("name", "What the row is about: ctxt, processes or threads",
         [](const KernelStatsRow& row) -> std::string_view { return row.name; });
  k.Text("label", "The same in words: Context Switches, Process Creations or Threads",
         [](const KernelStatsRow& row) -> std::string_view { return row.label; });
  k.Text("human", "The rate, such as 317.0/s, or the number of threads", HumanStats);
  k.Real("rate", "How many per second; 0 for threads", &KernelStatsRow::rate)
      .Perf("/s", "_rate");
  k.Integer("current", "How many since the system started; of threads how many there are",
            &KernelStatsRow::current)
      .Perf("", "");
  return {std::move(options), defaults, std::move(k)};
}

Result<std::vector<KernelStatsRow>> Rows(const Change<CpuSample>& change,
                                         const KernelStatsCheck::Threads& threads) {
  const CpuSample& before = change.before;
  const CpuSample& after = change.after;
  if (!after.context_switches && !after.forks) {
    return Status::Unavailable(
        "The system tells no context switches and new processes (use check_cpu)");
  }
  ASSIGN_OR_RETURN(const int64_t count, threads());
  auto counter = [&](const char* name, const char* label, uint64_t old, uint64_t now) {
    return KernelStatsRow{name, label, PerSecond(old, now, change.seconds),
                          static_cast<int64_t>(now), true};
  };
  std::vector<KernelStatsRow> rows;
  if (const auto& now = after.context_switches) {
    rows.push_back(counter("ctxt", "Context Switches",
                           before.context_switches.value_or(*now), *now));
  }
  if (const auto& now = after.forks) {
    rows.push_back(
        counter("processes", "Process Creations", before.forks.value_or(*now), *now));
  }
  rows.push_back({"threads", "Threads", 0, count, false});
  return rows;
}

// What was asked for by name and this system does not count (Windows: new processes).
Status CheckTypes(const std::vector<std::string>& types,
                  const std::vector<KernelStatsRow>& rows) {
  for (const char* type : {"ctxt", "processes"}) {
    const auto is_wanted = [&](const std::string& word) {
      return EqualsIgnoreCase(word, type);
    };
    const auto is_known = [&](const KernelStatsRow& row) {
      return is_wanted(std::string(row.name));
    };
    if (std::any_of(types.begin(), types.end(), is_wanted) &&
        std::none_of(rows.begin(), rows.end(), is_known)) {
      return Status::Unavailable("This system does not tell type=" + std::string(type) +
                                 " (leave it out)");
    }
  }
  return Status::Ok();
}

}  // namespace

KernelStatsCheck::KernelStatsCheck() : check_(MakeKernelStatsCheck()) {}

sdk::CheckResult KernelStatsCheck::Run(const std::vector<std::string>& arguments,
                                       const checks::Environment& environment,
                                       const ChangeSource<CpuSample>& source,
                                       const Threads& threads) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed, checks::Sink<KernelStatsRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const auto change, source());
        ASSIGN_OR_RETURN(auto rows, Rows(change, threads));
        const std::vector<std::string>& types = parsed.List("type");
        if (parsed.Given("type")) RETURN_IF_ERROR(CheckTypes(types, rows));
        for (KernelStatsRow& row : rows) {
          const bool wanted = std::any_of(
              types.begin(), types.end(),
              [&](const std::string& type) { return EqualsIgnoreCase(type, row.name); });
          if (wanted && !sink.Add(std::move(row))) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
