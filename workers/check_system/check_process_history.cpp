#include "workers/check_system/check_process_history.h"

#include <map>

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

constexpr char kNever[] = "never";

checks::Keywords<ProcessHistoryRow> HistoryKeywords() {
  checks::Keywords<ProcessHistoryRow> k;
  k.Text("exe", "Name of the program",
         [](const ProcessHistoryRow& row) -> std::string_view { return row.record.exe; });
  k.Text("running", "true while it runs, else false",
         [](const ProcessHistoryRow& row) -> std::string_view {
           return row.record.running ? "true" : "false";
         });
  const auto date = [&k](const char* name, const char* description,
                         int64_t ProcessRecord::*member) {
    k.Date(name, description,
           [member](const ProcessHistoryRow& row) -> std::optional<int64_t> {
             if (row.record.times_seen == 0) return std::nullopt;
             return row.record.*member;
           })
        .NoValue(kNever)
        .Human([member](const ProcessHistoryRow& row) -> std::string {
          if (row.record.times_seen == 0 || row.zone == nullptr) return kNever;
          return row.zone->Format(row.record.*member);
        });
  };
  date("first_seen",
       "When it was first seen; of what ran before the agent looked, when it started",
       &ProcessRecord::first_seen);
  date("last_seen", "When it was last seen running", &ProcessRecord::last_seen);
  k.Integer("times_seen", "How often it appeared, 0 for a program that never ran",
            [](const ProcessHistoryRow& row) { return row.record.times_seen; })
      .Perf("", "");
  k.Integer("currently_running", "1 while it runs, else 0",
            [](const ProcessHistoryRow& row) { return row.record.running; });
  return k;
}

checks::Check<ProcessHistoryRow> MakeHistoryCheck() {
  checks::OptionTable options;
  options.List("process", {},
               "Name of a program, in any case; may be given several times. One that was "
               "never seen is listed too, as not running. All without it.");
  checks::FilterDefaults defaults;
  defaults.empty_state = "ok";
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): ${count} processes in history.";
  defaults.detail_syntax = "${exe} (${running})";
  defaults.perf_syntax = "${exe}";
  return {std::move(options), defaults, HistoryKeywords()};
}

checks::Check<ProcessHistoryRow> MakeNewProcessesCheck() {
  checks::OptionTable options;
  options.Text("time", "5m", "How far back to look, such as 30s, 5m or 1d");
  checks::FilterDefaults defaults;
  defaults.empty_state = "ok";
  defaults.ok_syntax = "%(status): No new processes found.";
  defaults.empty_syntax = "%(status): No new processes found.";
  defaults.detail_syntax = "${exe} (first seen: ${first_seen})";
  defaults.perf_syntax = "${exe}";
  return {std::move(options), defaults, HistoryKeywords()};
}

}  // namespace

ProcessHistoryCheck::ProcessHistoryCheck() : check_(MakeHistoryCheck()) {}

sdk::CheckResult ProcessHistoryCheck::Run(const std::vector<std::string>& arguments,
                                          const checks::Environment& environment,
                                          const ListProcessRecords& list,
                                          const checks::TimeZone& zone) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed,
          checks::Sink<ProcessHistoryRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const std::vector<ProcessRecord> records, list());
        std::map<std::string, std::string> missing;  // lower case -> as given
        for (const std::string& name : parsed.List("process")) {
          missing.emplace(ToLowerAscii(name), name);
        }
        const std::map<std::string, std::string> wanted = missing;
        for (const ProcessRecord& record : records) {
          const std::string name = ToLowerAscii(record.exe);
          if (!wanted.empty() && wanted.count(name) == 0) continue;
          missing.erase(name);
          if (!sink.Add(ProcessHistoryRow{record, &zone})) return Status::Ok();
        }
        for (const auto& [key, name] : missing) {
          ProcessHistoryRow row;
          row.record.exe = name;
          row.zone = &zone;
          if (!sink.Add(row)) break;
        }
        return Status::Ok();
      });
}

NewProcessesCheck::NewProcessesCheck() : check_(MakeNewProcessesCheck()) {}

sdk::CheckResult NewProcessesCheck::Run(const std::vector<std::string>& arguments,
                                        const checks::Environment& environment,
                                        const ListProcessRecords& list,
                                        const checks::TimeZone& zone) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed,
          checks::Sink<ProcessHistoryRow>& sink) -> Status {
        const std::string& time = parsed.Text("time");
        const auto window = checks::ParseDuration(time);
        if (!window) {
          return Status::InvalidArgument("Invalid time window '" + time +
                                         "': Invalid time specification: '" + time +
                                         "' (write a time such as 5m)");
        }
        ASSIGN_OR_RETURN(const std::vector<ProcessRecord> records, list());
        for (const ProcessRecord& record : records) {
          if (record.first_seen < environment.now - *window) continue;
          if (!sink.Add(ProcessHistoryRow{record, &zone})) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
