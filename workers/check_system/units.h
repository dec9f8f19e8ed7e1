// What CheckSystem keeps and watches of the things that the system runs and holds:
// programs, services, packages. Owned by the module. Configure and Stop: one at a time;
// all else: any thread.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "workers/check_system/commands.h"
#include "workers/check_system/package_updates.h"
#include "workers/check_system/process_watch.h"
#include "workers/check_system/service_tags.h"
#include "workers/check_system/system_realtime.h"
#include "workers/sdk/metric.h"
#include "workers/sdk/module.h"

namespace nscp::check_system {

class Units {
 public:
  // Both outlive it. Before the collector starts: it listens to it.
  Units(const ProcessSource& processes, Collector& collector,
        std::function<checks::TimeZone()> zone);

  // Takes the settings over; watches what they ask for when `watch`. `host` outlives it.
  void Configure(const sdk::Settings& settings, sdk::Host* host, bool watch);
  void Stop();

  void AddCommands(Commands& commands);
  void AddMetrics(std::vector<sdk::Metric>& metrics);

 private:
  void OnSample(const Sample& sample);

  const ProcessSource& processes_;
  Collector& collector_;
  const std::function<checks::TimeZone()> zone_;
  UpdatesKeeper updates_;
  std::mutex mutex_;
  std::string bus_address_;
  SystemRealtime realtime_;
  ProcessWatch watch_;
  ServiceTags tags_;
};

}  // namespace nscp::check_system
