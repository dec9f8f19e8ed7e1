// A schedule as the settings describe it: what to run, when, and what becomes of the
// result (modules.md C8). Pure functions; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "workers/checks/environment.h"
#include "workers/scheduler/cron.h"

namespace nscp::scheduler {

constexpr size_t kMaxSchedules = 10000;

struct Schedule {
  std::string name;  // the service that is submitted
  sdk::Query query;
  std::string channel;  // comma list; empty = nobody is told
  // One of the two.
  std::optional<std::chrono::milliseconds> interval;
  std::optional<Cron> cron;
  double randomness = 0;  // the part of the interval that is left to chance, 0 to 1
  bool reports[4] = {true, true, true, true};  // by state
  std::string target;
  std::string source;
  bool run_on_startup = false;

  bool sends() const { return !channel.empty(); }
};

// Those of `path`; what cannot be used is left out and logged with the reason.
std::vector<Schedule> ReadSchedules(const sdk::Settings& settings,
                                    const std::string& path, const checks::Log& log);

}  // namespace nscp::scheduler
