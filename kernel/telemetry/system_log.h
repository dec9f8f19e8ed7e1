// The system's own log, beside the agent's: on Windows the log Application of the event
// viewer, where administrators look first. It gets little: what is at least as bad as the
// settings say, at most kMaxPerMinute entries. The file has everything.
//
// Source: ReportEvent and "Event Sources" of the Windows documentation.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "kernel/telemetry/log_sink.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

constexpr uint64_t kMaxSystemLogPerMinute = 60;
// Of one entry; Windows takes 31839 characters.
constexpr size_t kMaxSystemLogText = 30000;

class SystemLog {
 public:
  virtual ~SystemLog() = default;
  // What cannot be written is lost. `text` is UTF-8 without zeros.
  virtual void Report(v1::LogLevel level, const std::string& text) = 0;
};

// Unimplemented where the system has none that we write to.
Result<std::unique_ptr<SystemLog>> OpenSystemLog();

// Entries of `level` and worse.
std::unique_ptr<LogSink> NewSystemLogSink(v1::LogLevel level,
                                          std::unique_ptr<SystemLog> log);

// Tells the system that this program has the texts of our entries, so that its viewer can
// show them; and that it has none any more. For whoever installs and removes a service.
Status RegisterSystemLog();
Status UnregisterSystemLog();

}  // namespace nscp::kernel
