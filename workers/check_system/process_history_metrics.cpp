#include "workers/check_system/process_history_metrics.h"

namespace nscp::check_system {

void AddProcessHistoryMetrics(const std::vector<ProcessRecord>& records,
                              std::vector<sdk::Metric>& out) {
  const std::string bundle = "system.process_history";
  const auto add = [&](const std::string& key, int64_t value, const char* description) {
    out.push_back({bundle, key, static_cast<double>(value), description});
  };
  int64_t running = 0;
  for (const ProcessRecord& record : records) {
    running += record.running ? 1 : 0;
    add(record.exe + ".running", record.running ? 1 : 0, "1 while the program runs");
    add(record.exe + ".times_seen", record.times_seen, "How often the program appeared");
    add(record.exe + ".first_seen", record.first_seen,
        "When the program was first seen, in seconds since 1970");
    add(record.exe + ".last_seen", record.last_seen,
        "When the program was last seen running, in seconds since 1970");
  }
  add("count", static_cast<int64_t>(records.size()), "Programs in the history");
  add("running", running, "Programs in the history that run");
}

}  // namespace nscp::check_system
