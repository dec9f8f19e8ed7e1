#include "workers/check_system/proc_stat.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

constexpr size_t kFields = 8;  // user nice system idle iowait irq softirq steal

// The ticks behind the name of a cpu line; fields that old kernels lack are 0.
CpuTicks ParseTicks(std::string_view fields) {
  uint64_t numbers[kFields] = {};
  const char* at = fields.data();
  const char* end = at + fields.size();
  for (uint64_t& number : numbers) {
    while (at < end && *at == ' ') ++at;
    const auto [rest, error] = std::from_chars(at, end, number);
    if (error != std::errc()) break;
    at = rest;
  }
  const auto [user, nice, system, idle, iowait, irq, softirq, steal] = numbers;
  return {user + nice, system + irq + softirq + steal, idle + iowait};
}

}  // namespace

Result<CpuSample> ParseProcStat(std::string_view text) {
  CpuSample sample;
  bool has_total = false;
  for (size_t end = 0; StartsWith(text, "cpu"); text.remove_prefix(end)) {
    end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = Trim(text.substr(0, end));
    const size_t blank = std::min(line.find(' '), line.size());
    const std::string_view number = line.substr(3, blank - 3);
    const CpuTicks ticks = ParseTicks(line.substr(blank));
    if (number.empty()) {
      sample.total = ticks;
      has_total = true;
      continue;
    }
    size_t core = 0;
    const auto parsed =
        std::from_chars(number.data(), number.data() + number.size(), core);
    if (parsed.ec != std::errc() || core >= kMaxCores) continue;
    if (core >= sample.cores.size()) sample.cores.resize(core + 1);
    sample.cores[core] = ticks;
  }
  if (!has_total) {
    return Status::Unavailable("Failed to parse /proc/stat: it has no line for all cpus");
  }
  return sample;
}

Result<double> ParseProcUptime(std::string_view text) {
  double seconds = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || !(seconds >= 0)) {
    return Status::Unavailable("Failed to read /proc/uptime");
  }
  return seconds;
}

Result<std::string> ReadProcFile(const char* path) {
  constexpr size_t kChunk = 16 * 1024;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  while (file && text.size() < kMaxProcText) {
    const size_t before = text.size();
    text.resize(before + kChunk);
    file.read(text.data() + before, static_cast<std::streamsize>(kChunk));
    text.resize(before + static_cast<size_t>(file.gcount()));
  }
  if (text.empty()) return Status::Unavailable("Failed to read " + std::string(path));
  return text;
}

}  // namespace nscp::check_system
