// The performance counters of CheckSystem: what is kept of those in the settings, the
// checks, the metrics and the command line. Threads as PlatformParts.
#pragma once

#include <memory>

#include "workers/check_system/counter_watch.h"
#include "workers/check_system/platform_parts.h"

namespace nscp::check_system {

class Counters : public PlatformParts {
 public:
  explicit Counters(std::unique_ptr<CounterSource> source);
  ~Counters() override;

  void Configure(const sdk::Settings& settings, sdk::Host* host, bool watch) override;
  void Stop() override;
  // check_pdh, its other names check_counter and CheckCounter.
  void AddCommands(Commands& commands) override;
  // system.metrics, pdh.<counter>[.<instance>]
  void AddMetrics(std::vector<sdk::Metric>& metrics) override;
  // pdh
  sdk::ExecAnswer Exec(const sdk::Query& command, sdk::Call& call) override;

  CounterSource& source() { return *source_; }

 private:
  const std::unique_ptr<CounterSource> source_;
  CounterWatch watch_;
};

}  // namespace nscp::check_system
