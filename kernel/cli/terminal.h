// Where a command prints, and what stands at the other end. Owned by main; one thread at
// a time, save Print and PrintError, which a command calls while its kernel's log prints
// too: each call writes and flushes whole lines.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "kernel/output/screen.h"
#include "nscp/v1/telemetry.pb.h"

namespace nscp::kernel {

// A line of the log's shape, for what happens before there is a log.
std::string LogLine(v1::LogLevel level, std::string_view sender,
                    std::string_view message);

class Terminal {
 public:
  Terminal(std::ostream& out, std::ostream& err, Screen screen = {})
      : out_(out), err_(err), screen_(screen) {}

  const Screen& screen() const { return screen_; }

  void Print(std::string_view text) { out_ << text << std::flush; }
  // Lines; on a terminal as clean text, for errors quote what came from outside.
  void PrintError(std::string_view text);
  void PrintLog(v1::LogLevel level, std::string_view sender, std::string_view message) {
    Print(LogLine(level, sender, message));
  }
  // --no-stderr
  void SendErrorsToOutput() { errors_to_output_ = true; }

 private:
  std::ostream& out_;
  std::ostream& err_;
  const Screen screen_;
  bool errors_to_output_ = false;
};

}  // namespace nscp::kernel
