#include "kernel/cli/log_report.h"

#include <array>
#include <ctime>

#include "kernel/output/table.h"
#include "kernel/output/visible.h"
#include "kernel/telemetry/log_level.h"
#include "kernel/telemetry/log_sink.h"

namespace nscp::kernel {
namespace {

constexpr size_t kLevelColumns = 8;  // "critical"

Tone ToneOf(v1::LogLevel level) {
  switch (level) {
    case v1::LOG_CRITICAL:
    case v1::LOG_ERROR:
      return Tone::kBad;
    case v1::LOG_WARNING:
      return Tone::kWarning;
    case v1::LOG_DEBUG:
    case v1::LOG_TRACE:
      return Tone::kQuiet;
    default:
      return Tone::kPlain;
  }
}

std::string TimeText(int64_t time_ms) {
  std::tm parts{};
  if (!ToLocalTime(static_cast<std::time_t>(time_ms / 1000), &parts)) {
    return std::to_string(time_ms);
  }
  std::array<char, 64> text{};
  const size_t length =
      std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
  return std::string(text.data(), length);
}

}  // namespace

std::vector<v1::LogLevel> LevelsFrom(v1::LogLevel level) {
  std::vector<v1::LogLevel> levels;
  for (const v1::LogLevel each : {v1::LOG_CRITICAL, v1::LOG_ERROR, v1::LOG_WARNING,
                                  v1::LOG_INFO, v1::LOG_DEBUG, v1::LOG_TRACE}) {
    if (each <= level) levels.push_back(each);
  }
  return levels;
}

std::string LogText(const v1::LogEntry& entry, const Screen& screen) {
  std::string level(LogLevelName(entry.level()));
  level.resize(std::max(kLevelColumns, level.size()), ' ');
  return TimeText(entry.time_ms()) + " " + Toned(level, ToneOf(entry.level()), screen) +
         " " + Visible(entry.sender()) + ": " + Visible(MessageText(entry)) + "\n";
}

void AddLogEntry(const v1::LogEntry& entry, JsonWriter* json) {
  json->BeginObject();
  json->Key("index").Count(entry.index());
  json->Key("time_ms").Integer(entry.time_ms());
  json->Key("level").Text(LogLevelName(entry.level()));
  json->Key("sender").Text(entry.sender());
  json->Key("message").Text(entry.message());
  json->Key("file").Text(entry.file());
  json->Key("line").Integer(entry.line());
  json->Key("request_id").Text(entry.request_id());
  json->Key("incarnation").Count(entry.incarnation());
  json->EndObject();
}

}  // namespace nscp::kernel
