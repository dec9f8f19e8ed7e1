#include "workers/check_system/realtime_rows.h"

#include <map>

#include "proto/cpp/text.h"
#include "workers/check_system/process_keywords.h"
#include "workers/check_system/process_times.h"

namespace nscp::check_system {

std::vector<ProcessRow> RealtimeRows(const std::vector<Process>& processes,
                                     uint64_t ticks_per_second, int64_t now,
                                     const checks::TimeZone& zone) {
  const Seconds times(ticks_per_second);
  std::vector<ProcessRow> rows;
  rows.reserve(processes.size());
  for (const Process& process : processes) {
    ProcessRow row;
    row.process = process;
    times.Fill(row);
    row.started = IsStarted(process.letter);
    row.created = now - process.elapsed;
    row.zone = &zone;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<ProcessRow> OfPrograms(const std::vector<ProcessRow>& every,
                                   const std::vector<std::string>& programs) {
  std::map<std::string, std::string> missing;  // lower case -> as given
  for (const std::string& name : programs) missing.emplace(ToLowerAscii(name), name);
  const std::map<std::string, std::string> wanted = missing;
  std::vector<ProcessRow> rows;
  for (const ProcessRow& row : every) {
    const std::string name = ToLowerAscii(row.process.exe);
    if (wanted.count(name) == 0) continue;
    missing.erase(name);
    rows.push_back(row);
  }
  for (const auto& [key, name] : missing) {
    ProcessRow row;
    row.process.exe = name;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace nscp::check_system
