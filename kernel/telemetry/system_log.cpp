#include "kernel/telemetry/system_log.h"

#include <algorithm>

#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr int64_t kMinuteMs = 60'000;

class SystemLogSink final : public LogSink {
 public:
  SystemLogSink(v1::LogLevel level, std::unique_ptr<SystemLog> log)
      : level_(level), log_(std::move(log)) {}

  void Write(const std::vector<v1::LogEntry>& entries) override {
    for (const v1::LogEntry& entry : entries) {
      if (entry.level() > level_) continue;
      BeginMinute(entry.time_ms() / kMinuteMs);
      if (++count_ <= kMaxSystemLogPerMinute) log_->Report(entry.level(), TextOf(entry));
    }
  }

 private:
  void BeginMinute(int64_t minute) {
    if (minute == minute_) return;
    minute_ = minute;
    const uint64_t left_out = count_ - std::min(count_, kMaxSystemLogPerMinute);
    count_ = 0;
    if (left_out == 0) return;
    log_->Report(v1::LOG_WARNING, std::to_string(left_out) +
                                      " further log lines of the agent within a minute "
                                      "stand in its log file alone");
  }

  static std::string TextOf(const v1::LogEntry& entry) {
    std::string text = entry.sender() + ": " + MessageText(entry);
    // The system's text ends at a zero.
    text.erase(std::remove(text.begin(), text.end(), '\0'), text.end());
    return CutUtf8(text, kMaxSystemLogText);
  }

  const v1::LogLevel level_;
  const std::unique_ptr<SystemLog> log_;
  int64_t minute_ = 0;
  uint64_t count_ = 0;  // within it
};

}  // namespace

std::unique_ptr<LogSink> NewSystemLogSink(v1::LogLevel level,
                                          std::unique_ptr<SystemLog> log) {
  return std::make_unique<SystemLogSink>(level, std::move(log));
}

}  // namespace nscp::kernel
