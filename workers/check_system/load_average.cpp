#include <charconv>
#include <string>

#include "proto/cpp/text.h"
#include "workers/check_system/load_source.h"

namespace nscp::check_system {
namespace {

template <class Number>
bool Read(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && rest == end;
}

}  // namespace

// "0.52 0.58 0.59 1/834 12345"
Result<LoadAverage> ParseLoadAverage(std::string_view text) {
  const std::string_view line = Trim(text.substr(0, text.find('\n')));
  const auto fields = SplitList(line, ' ');
  LoadAverage load;
  if (fields.size() < 3 || !Read(fields[0], load.load1) || !Read(fields[1], load.load5) ||
      !Read(fields[2], load.load15)) {
    return Status::Unavailable("Failed to parse /proc/loadavg: '" + std::string(line) +
                               "'");
  }
  if (fields.size() > 3) {
    const auto processes = Split(fields[3], '/');
    if (processes.size() != 2 || !Read(processes[0], load.running) ||
        !Read(processes[1], load.total)) {
      load.running = load.total = 0;
    }
  }
  return load;
}

}  // namespace nscp::check_system
