// check_w32time: whether the Windows Time service keeps the clock, and how well. Any
// thread. Sources: the service, its settings in the registry, its counters, its own
// answer what it follows.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "workers/check_system/counter_source.h"
#include "workers/check_system/registry_source.h"
#include "workers/checks/check.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_system {

// What Windows tells of the service itself.
struct TimeServiceState {
  bool installed = false;
  std::string state;       // "running", "stopped" ...
  std::string start_type;  // "auto", "demand", "disabled" ...
  // What it says that it follows; empty where it does not tell (it is stopped, or the
  // agent's account may not ask).
  std::string source;
};
using ReadTimeService = std::function<Result<TimeServiceState>()>;

struct TimeServiceRow {
  TimeServiceState service;
  std::string sync_type = "unknown";  // NT5DS, NTP, AllSync, NoSync
  std::vector<std::string> peers;
  int64_t last_sync = 0;          // seconds since 1970; 0 = not known
  std::optional<int64_t> offset;  // milliseconds
  std::optional<int64_t> delay;   // milliseconds
  std::optional<int64_t> frequency_adjustment;
  std::optional<int64_t> time_sources;
  int64_t now = 0;
  const checks::TimeZone* zone = nullptr;

  bool running() const;
  bool local_clock() const;
  bool synchronized() const;
  // The source, else what is configured, else "unknown"; and where that comes from.
  std::string source() const;
  const char* source_from() const;
  // All of it as a sentence.
  std::string State() const;
};

// Hosts of "time.windows.com,0x9 other,0x1".
std::vector<std::string> ParseNtpServers(std::string_view text);

// `counters` may be null. What a source does not tell stays unknown.
Result<TimeServiceRow> ReadTimeServiceRow(const ReadTimeService& service,
                                          RegistrySource& registry,
                                          CounterSource* counters);

class W32TimeCheck {
 public:
  W32TimeCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const std::function<Result<TimeServiceRow>()>& read,
                       const checks::TimeZone& zone) const;

 private:
  checks::Check<TimeServiceRow> check_;
};

}  // namespace nscp::check_system
