#include "kernel/telemetry/log_level.h"

#include <string>

#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

struct Level {
  v1::LogLevel level;
  std::string_view name;
  char letter;
  std::string_view words[3];
};

constexpr Level kLevels[] = {
    {v1::LOG_CRITICAL, "critical", 'C', {"critical", "crit", "c"}},
    {v1::LOG_ERROR, "error", 'E', {"error", "err", "e"}},
    {v1::LOG_WARNING, "warning", 'W', {"warning", "warn", "w"}},
    {v1::LOG_INFO, "info", 'L', {"info", "log", "i"}},
    {v1::LOG_DEBUG, "debug", 'D', {"debug", "d", "d"}},
    {v1::LOG_TRACE, "trace", 'T', {"trace", "t", "t"}},
};

}  // namespace

std::optional<v1::LogLevel> ParseLogLevel(std::string_view word) {
  word = Trim(word);
  for (const Level& level : kLevels) {
    for (const std::string_view known : level.words) {
      if (EqualsIgnoreCase(word, known)) return level.level;
    }
  }
  return std::nullopt;
}

std::string_view LogLevelName(v1::LogLevel level) {
  for (const Level& known : kLevels) {
    if (known.level == level) return known.name;
  }
  return "unknown";
}

char LogLevelLetter(v1::LogLevel level) {
  for (const Level& known : kLevels) {
    if (known.level == level) return known.letter;
  }
  return '?';
}

}  // namespace nscp::kernel
