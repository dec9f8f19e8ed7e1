// The real-time filters of CheckSystem: processors, memory and processes, judged after
// each step of who watches them (filter-engine.md 10, modules.md C1). Owned by the
// module. Configure and Stop: one at a time; what brings figures: one thread for each
// kind.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "workers/check_system/check_cpu.h"
#include "workers/check_system/check_process.h"
#include "workers/check_system/memory_source.h"
#include "workers/check_system/platform.h"
#include "workers/checks/realtime.h"
#include "workers/checks/time_zone.h"
#include "workers/sdk/metric.h"
#include "workers/sdk/module.h"

namespace nscp::check_system {

class SystemRealtime {
 public:
  // Filters of one kind that run; more are left out, and the log says so.
  static constexpr size_t kMaxFilters = 256;

  // `zone`: how times are printed.
  explicit SystemRealtime(std::function<checks::TimeZone()> zone,
                          Platform platform = ThisPlatform());
  ~SystemRealtime();

  // Starts anew with the filters of these settings; the log tells of what is wrong with
  // them. `host` outlives it; `now` in seconds since 1970.
  void Configure(const sdk::Settings& settings, sdk::Host* host, int64_t now);
  void Stop();

  // Whether there are filters that want them; of processes also what they look at.
  struct ProcessNeeds {
    bool any = false;
    bool command_line = false;
    bool details = false;
  };
  ProcessNeeds process_needs() const;

  // New figures, at `now`. `average` gives the load over so many
  // seconds.
  void OnCpu(const std::function<CpuAverages(int64_t seconds)>& average, int64_t now);
  void OnMemory(const std::vector<Memory>& memory, int64_t now);
  void OnProcesses(const std::vector<Process>& processes, uint64_t ticks_per_second,
                   int64_t now);

  void AddMetrics(std::vector<sdk::Metric>& metrics) const;

 private:
  struct Filters;
  std::shared_ptr<Filters> filters() const;

  const std::function<checks::TimeZone()> zone_;
  const Platform platform_;
  mutable std::mutex mutex_;
  std::shared_ptr<Filters> filters_;
};

}  // namespace nscp::check_system
