// The commands of the module: `nscp eventlog list`, `insert` and `add`. One at a time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_event_log/event_logs.h"
#include "workers/sdk/module.h"

namespace nscp::check_event_log {

// An event to report, as ReportEvent takes it.
struct NewEvent {
  std::string source = "Application Error";
  uint16_t type = 0;      // EVENTLOG_ERROR_TYPE and so on; 0 is success
  uint16_t category = 0;  // the task
  uint32_t raw_id = 0;    // with severity, customer bit and facility
  std::vector<std::string> strings;
};

// What ReportEvent takes at most.
constexpr size_t kMaxInserted = 256;
constexpr size_t kMaxInsertedText = 31839;  // UTF-16 units; here of bytes

Status ReportNewEvent(const NewEvent& event);

struct CommandTools {
  EventLogs* logs = nullptr;  // null: `problem` says why
  Status problem;
  std::function<Status(const NewEvent&)> report;
  std::function<Status(const std::vector<sdk::Settings::Entry>&)> save;
};

sdk::ExecAnswer RunCommand(const sdk::Query& query, const CommandTools& tools);

}  // namespace nscp::check_event_log
