// The load average, from the operating system. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// Averages over so many minutes of the number of processes that run or wait to.
struct LoadAverage {
  double load1 = 0;
  double load5 = 0;
  double load15 = 0;
  int64_t running = 0;  // runnable now
  int64_t total = 0;    // processes and threads
  int64_t cpus = 1;     // online
};

Result<LoadAverage> ReadLoadAverage();
// Threads of all processes, those of the kernel too.
Result<int64_t> ReadThreadCount();

// The text of Linux's /proc/loadavg (proc(5)); `cpus` is not in it.
Result<LoadAverage> ParseLoadAverage(std::string_view text);

}  // namespace nscp::check_system
