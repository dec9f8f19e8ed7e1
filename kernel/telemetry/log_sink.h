// Where log lines go besides the ring: a file, a console. The logger calls a sink from
// its one writer thread; a sink needs no lock of its own.
#pragma once

#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nscp/v1/telemetry.pb.h"

namespace nscp::kernel {

class LogSink {
 public:
  virtual ~LogSink() = default;
  // In order. What can't be written is lost; a sink never fails and never blocks for
  // long.
  virtual void Write(const std::vector<v1::LogEntry>& entries) = 0;
};

// [/settings/log]: `<date>: <level>:<file>:<line>: <message>`, control characters
// removed.
struct LogFileOptions {
  std::string path;  // tokens expanded; "none" or empty = no file
  std::string date_format = "%Y-%m-%d %H:%M:%S";  // strftime(3), local time
  uint64_t max_bytes = 0;  // a larger file is cut to its last 70 %; 0 = never
};
// Opened for each batch, so that a log file may be moved away at any time.
std::unique_ptr<LogSink> NewLogFile(LogFileOptions options);

// `<L> <sender padded to 10> <message>`; errors have a second line `<file>:<line>`.
// `one_line` gives `<file>(<line>): <level>: <message>`.
struct ConsoleOptions {
  bool one_line = false;
  // Writes all of the text or loses it, within a bound. Empty = standard output.
  std::function<void(std::string_view)> write;
};
std::unique_ptr<LogSink> NewConsole(ConsoleOptions options);

// The message as the lines show it: where it belongs to a request and does not name it,
// with "(request <id>)" behind it.
std::string MessageText(const v1::LogEntry& entry);
// The lines themselves, for whoever prints elsewhere; each ends with "\n".
std::string ConsoleLine(const v1::LogEntry& entry, bool one_line);
std::string LogFileLine(const v1::LogEntry& entry, const std::string& date_format);

// Standard output, waiting at most kConsoleWait for a reader that does not read; while
// one does not, further text is dropped at once. The platform's part.
std::function<void(std::string_view)> StandardOutput();
// Thread-safe local time; false for a time that the calendar does not have.
bool ToLocalTime(std::time_t seconds, std::tm* parts);

}  // namespace nscp::kernel
