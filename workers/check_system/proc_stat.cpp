#include "workers/check_system/proc_stat.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

// user nice system idle iowait irq softirq steal guest guest_nice
constexpr size_t kStatFields = 10;

struct CpuLine {
  CpuTicks ticks;
  CpuTimes times;
};

// The ticks behind the name of a cpu line; fields that old kernels lack are 0.
CpuLine ParseCpuLine(std::string_view fields) {
  uint64_t numbers[kStatFields] = {};
  const char* at = fields.data();
  const char* end = at + fields.size();
  for (uint64_t& number : numbers) {
    while (at < end && *at == ' ') ++at;
    const auto [rest, error] = std::from_chars(at, end, number);
    if (error != std::errc()) break;
    at = rest;
  }
  const auto [user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice] =
      numbers;
  return {{user + nice, system + irq + softirq + steal, idle + iowait},
          {user + nice, system, idle, iowait, irq, softirq, steal, guest + guest_nice}};
}

// The lines behind those of the processors: "ctxt 187155362", "processes 2483522".
void ParseCounters(std::string_view text, CpuSample& sample) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    for (const auto& [name, counter] :
         {std::pair(std::string_view("ctxt "), &sample.context_switches),
          std::pair(std::string_view("processes "), &sample.forks)}) {
      if (StartsWith(line, name)) *counter = ParseCounter(line.substr(name.size()));
    }
    text.remove_prefix(end);
  }
}

}  // namespace

std::optional<uint64_t> ParseCounter(std::string_view text) {
  text = Trim(text);
  uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<CpuSample> ParseProcStat(std::string_view text) {
  CpuSample sample;
  bool has_total = false;
  for (size_t end = 0; StartsWith(text, "cpu"); text.remove_prefix(end)) {
    end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = Trim(text.substr(0, end));
    const size_t blank = std::min(line.find(' '), line.size());
    const std::string_view number = line.substr(3, blank - 3);
    const CpuLine parsed_line = ParseCpuLine(line.substr(blank));
    if (number.empty()) {
      sample.total = parsed_line.ticks;
      sample.times = parsed_line.times;
      has_total = true;
      continue;
    }
    size_t core = 0;
    const auto parsed =
        std::from_chars(number.data(), number.data() + number.size(), core);
    if (parsed.ec != std::errc() || core >= kMaxCores) continue;
    if (core >= sample.cores.size()) sample.cores.resize(core + 1);
    sample.cores[core] = parsed_line.ticks;
  }
  if (!has_total) {
    return Status::Unavailable("Failed to parse /proc/stat: it has no line for all cpus");
  }
  ParseCounters(text, sample);
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
