#include "kernel/cli/terminal.h"

#include "kernel/output/visible.h"
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

void Terminal::PrintError(std::string_view text) {
  const bool is_seen = errors_to_output_ ? screen_.output : screen_.errors;
  std::ostream& stream = errors_to_output_ ? out_ : err_;
  if (is_seen) {
    stream << VisibleLines(text) << std::flush;
  } else {
    stream << text << std::flush;
  }
}

}  // namespace nscp::kernel
