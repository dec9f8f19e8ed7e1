// Printers and the jobs that wait for them, as plain data, and what their states are
// called. Any thread. Source: PRINTER_INFO_2, JOB_INFO_2 (winspool.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_system {

struct Printer {
  std::string name;
  std::string driver;
  std::string port;
  std::string location;
  std::string share;
  std::string server;
  uint32_t status = 0;      // PRINTER_STATUS_...
  uint32_t attributes = 0;  // PRINTER_ATTRIBUTE_...

  bool offline() const;
  bool error() const;
  bool is_default() const;
  bool shared() const;
  bool network() const;
  // idle, printing, warmup, stopped_printing, offline
  const char* StatusWord() const;
  // no_error, jammed, no_paper, door_open, no_toner, low_toner, output_bin_full,
  // service_requested, offline, other
  const char* ErrorWord() const;
};

struct PrintJob {
  std::string printer;
  std::string document;
  std::string owner;
  int64_t id = 0;
  uint32_t status = 0;  // JOB_STATUS_...
  int64_t priority = 0;
  int64_t size = 0;  // bytes
  int64_t pages = 0;
  int64_t pages_printed = 0;
  int64_t submitted = 0;  // seconds since 1970; 0 = not known

  bool Has(uint32_t status_bit) const { return (status & status_bit) != 0; }
  // "queued" without any; else all of them, what explains a stuck job first.
  std::string StatusWords() const;
};

constexpr uint32_t kJobPaused = 0x1;
constexpr uint32_t kJobError = 0x2;
constexpr uint32_t kJobSpooling = 0x8;
constexpr uint32_t kJobPrinting = 0x10;
constexpr uint32_t kJobOffline = 0x20;
constexpr uint32_t kJobPaperOut = 0x40;
constexpr uint32_t kJobBlocked = 0x200;
constexpr uint32_t kJobUserIntervention = 0x400;

struct PrintQueues {
  std::vector<Printer> printers;
  std::vector<PrintJob> jobs;
  // Printers whose jobs could not be read, with the reason.
  std::vector<std::string> problems;
};

constexpr size_t kMaxPrinters = 5000;
constexpr size_t kMaxPrintJobs = 100000;

using ReadPrintQueues =
    std::function<Result<PrintQueues>(const std::function<bool()>& cancelled)>;

}  // namespace nscp::check_system
