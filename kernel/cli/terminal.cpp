#include "kernel/cli/terminal.h"

#include "kernel/telemetry/log_sink.h"

namespace nscp::kernel {

std::string LogLine(v1::LogLevel level, std::string_view sender,
                    std::string_view message) {
  v1::LogEntry entry;
  entry.set_level(level);
  entry.set_sender(std::string(sender));
  entry.set_message(std::string(message));
  return ConsoleLine(entry, false);
}

}  // namespace nscp::kernel
