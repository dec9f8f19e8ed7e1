// check_printqueue and check_printjobs: printers, and what waits for them. Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/print_source.h"
#include "workers/checks/check.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_system {

struct PrintQueueRow {
  Printer printer;
  int64_t jobs = 0;
  int64_t error_jobs = 0;
  int64_t oldest = 0;  // seconds since 1970; 0 = no job
  int64_t now = 0;
};

struct PrintJobRow {
  PrintJob job;
  int64_t now = 0;
  const checks::TimeZone* zone = nullptr;
};

// Jobs are counted for their printers; names are compared without case.
std::vector<PrintQueueRow> MakePrintQueues(const PrintQueues& queues, int64_t now);

class PrintQueueCheck {
 public:
  PrintQueueCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const ReadPrintQueues& read) const;

 private:
  checks::Check<PrintQueueRow> check_;
};

class PrintJobsCheck {
 public:
  PrintJobsCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const ReadPrintQueues& read, const checks::TimeZone& zone) const;

 private:
  checks::Check<PrintJobRow> check_;
};

}  // namespace nscp::check_system
