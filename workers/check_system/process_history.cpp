#include "workers/check_system/process_history.h"

#include <algorithm>

namespace nscp::check_system {

bool ProcessHistory::MakeRoom() {
  if (records_.size() < kMaxPrograms) return true;
  auto oldest = records_.end();
  for (auto it = records_.begin(); it != records_.end(); ++it) {
    if (it->second.running) continue;
    if (oldest == records_.end() || it->second.last_seen < oldest->second.last_seen) {
      oldest = it;
    }
  }
  if (oldest == records_.end()) return false;
  records_.erase(oldest);
  return true;
}

void ProcessHistory::Update(const std::vector<Sighting>& seen, int64_t now) {
  std::map<std::string, int64_t> programs;  // to the start of the oldest process
  for (const Sighting& sighting : seen) {
    const auto [it, is_new] = programs.try_emplace(sighting.exe, sighting.started);
    it->second = std::min(it->second, sighting.started);
  }
  for (auto& [exe, record] : records_) {
    if (programs.count(exe) == 0) record.running = false;
  }
  for (const auto& [exe, started] : programs) {
    auto it = records_.find(exe);
    if (it == records_.end()) {
      if (!MakeRoom()) continue;
      it = records_.emplace(exe, ProcessRecord{exe, started, now, 0, false}).first;
    }
    ProcessRecord& record = it->second;
    if (!record.running) ++record.times_seen;
    record.running = true;
    record.last_seen = now;
  }
}

std::vector<ProcessRecord> ProcessHistory::Records() const {
  std::vector<ProcessRecord> records;
  records.reserve(records_.size());
  for (const auto& [exe, record] : records_) records.push_back(record);
  return records;
}

}  // namespace nscp::check_system
