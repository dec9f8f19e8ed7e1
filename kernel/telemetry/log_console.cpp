#include <string>

#include "kernel/telemetry/log_level.h"
#include "kernel/telemetry/log_sink.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr size_t kSenderWidth = 10;

const std::string kIndent(kSenderWidth + 3, ' ');

// A terminal acts on control characters, so only tabs and line ends get there. Lines
// behind the first are indented: no message can pass for another one.
std::string Printable(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 ? byte != 0x7f : (c == '\t' || c == '\n')) clean += c;
  }
  while (!clean.empty() && clean.back() == '\n') clean.pop_back();
  return ReplaceAll(clean, "\n", "\n" + kIndent);
}

class Console final : public LogSink {
 public:
  explicit Console(ConsoleOptions options) : options_(std::move(options)) {
    if (!options_.write) options_.write = StandardOutput();
  }

  void Write(const std::vector<v1::LogEntry>& entries) override {
    std::string text;
    for (const v1::LogEntry& entry : entries)
      text += ConsoleLine(entry, options_.one_line);
    options_.write(text);
  }

 private:
  ConsoleOptions options_;
};

}  // namespace

std::string ConsoleLine(const v1::LogEntry& entry, bool one_line) {
  const std::string message = Printable(MessageText(entry));
  const std::string place = Printable(entry.file());
  const std::string line = std::to_string(entry.line());
  if (one_line) {
    return place + "(" + line + "): " + std::string(LogLevelName(entry.level())) + ": " +
           message + "\n";
  }
  std::string sender = Printable(entry.sender());
  if (sender.size() < kSenderWidth) sender.insert(0, kSenderWidth - sender.size(), ' ');
  std::string text =
      std::string(1, LogLevelLetter(entry.level())) + " " + sender + " " + message + "\n";
  const bool is_error =
      entry.level() == v1::LOG_ERROR || entry.level() == v1::LOG_CRITICAL;
  if (is_error && !place.empty()) {
    text += kIndent + place + ":" + line + "\n";
  }
  return text;
}

std::unique_ptr<LogSink> NewConsole(ConsoleOptions options) {
  return std::make_unique<Console>(std::move(options));
}

}  // namespace nscp::kernel
