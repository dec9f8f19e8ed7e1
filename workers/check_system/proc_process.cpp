#include "workers/check_system/proc_process.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

// Numbers behind the name and the state letter in /proc/<pid>/stat, as proc(5) counts
// them: the fourth field is the first.
enum Field : size_t {
  kParent = 4,
  kMajorFaults = 12,
  kUserTicks = 14,
  kKernelTicks = 15,
  kStartTicks = 22,
  kVirtualSize = 23,
  kResidentPages = 24,
  kFieldsEnd = 25,
};

uint64_t Number(std::string_view text) {
  text = Trim(text);
  uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// The text behind "name:" at the beginning of a line.
std::string_view StatusLine(std::string_view text, std::string_view name) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (StartsWith(line, name) && line.substr(name.size(), 1) == ":") {
      return Trim(line.substr(name.size() + 1));
    }
    at = end + 1;
  }
  return {};
}

}  // namespace

bool ParseProcessStat(std::string_view text, uint64_t page_size, Process& process) {
  const size_t open = text.find('(');
  const size_t close = text.rfind(')');
  constexpr size_t kToState = 2;
  if (open == std::string_view::npos || close == std::string_view::npos || close < open ||
      close + kToState >= text.size()) {
    return false;
  }
  std::array<uint64_t, kFieldsEnd> fields{};
  const char* at = text.data() + close + kToState + 1;
  const char* end = text.data() + text.size();
  for (size_t field = kParent; field < kFieldsEnd; ++field) {
    while (at < end && *at == ' ') ++at;
    int64_t number = 0;
    const auto [rest, error] = std::from_chars(at, end, number);
    // Beyond 63 bits are only fields that are not used here.
    if (error == std::errc::invalid_argument) return false;
    fields[field] = static_cast<uint64_t>(number);
    at = rest;
  }
  if (process.exe.empty()) process.exe = text.substr(open + 1, close - open - 1);
  process.letter = text[close + kToState];
  process.parent = static_cast<int64_t>(fields[kParent]);
  process.page_faults = fields[kMajorFaults];
  process.user_ticks = fields[kUserTicks];
  process.kernel_ticks = fields[kKernelTicks];
  process.start_ticks = fields[kStartTicks];
  process.virtual_size = fields[kVirtualSize];
  process.working_set = fields[kResidentPages] * page_size;
  return true;
}

void ParseProcessStatus(std::string_view text, Process& process) {
  constexpr uint64_t kKilobyte = 1024;
  const std::string_view uid = StatusLine(text, "Uid");
  if (!uid.empty()) process.uid = static_cast<int64_t>(Number(uid));
  process.peak_virtual_size = Number(StatusLine(text, "VmPeak")) * kKilobyte;
  process.peak_working_set = Number(StatusLine(text, "VmHWM")) * kKilobyte;
}

std::string ParseCommandLine(std::string text) {
  while (!text.empty() && text.back() == '\0') text.pop_back();
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

void SetExecutable(std::string_view target, Process& process) {
  constexpr std::string_view kReplaced = " (deleted)";
  if (EndsWith(target, kReplaced)) target.remove_suffix(kReplaced.size());
  process.filename = target;
  process.exe = target.substr(target.rfind('/') + 1);
}

}  // namespace nscp::check_system
