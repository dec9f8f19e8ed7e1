#include "workers/check_system/commands.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "workers/check_system/check_cpu.h"
#include "workers/check_system/check_load.h"
#include "workers/check_system/check_memory.h"
#include "workers/check_system/check_process.h"
#include "workers/check_system/check_uptime.h"
#include "workers/check_system/sampled_commands.h"
#include "workers/check_system/uptime_source.h"

namespace nscp::check_system {
namespace {

constexpr std::chrono::seconds kFirstDataWait{2};

sdk::CheckResult Cpu(const CpuCheck& check, const Ask& ask, Collector& collector) {
  return check.Run(
      ask.arguments, ask.environment,
      [&] { return collector.WaitForCpu(FirstDataLimit(ask)); },
      [&](int64_t seconds) { return collector.Average(seconds); });
}

sdk::CheckResult Processes(const ProcessCheck& check, const Ask& ask,
                           const Shared& shared) {
  const checks::TimeZone zone = shared.zone();
  return check.Run(
      ask.arguments, ask.environment,
      {shared.processes, zone, [&shared](int64_t uid) { return shared.owners.Find(uid); },
       [&ask](int milliseconds) { return ask.Wait(milliseconds); }});
}

}  // namespace

bool Ask::Wait(int milliseconds) const {
  constexpr std::chrono::milliseconds kLook{25};
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  while (std::chrono::steady_clock::now() < end) {
    if (call.cancelled()) return false;
    std::this_thread::sleep_for(kLook);
  }
  return !call.cancelled();
}

Collector::Clock::time_point FirstDataLimit(const Ask& ask) {
  return std::min(ask.call.deadline(), Collector::Clock::now() + kFirstDataWait);
}

Result<MemorySample> MemoryNow(Collector& collector) {
  if (const auto sample = collector.Fresh()) return sample->memory;
  return collector.sources().memory();
}

Commands MakeCommands(Shared shared) {
  Commands commands;
  commands["check_cpu"] = With<CpuCheck>([shared](const CpuCheck& check, const Ask& ask) {
    return Cpu(check, ask, shared.collector);
  });
  commands["check_load"] = With<LoadCheck>([](const LoadCheck& check, const Ask& ask) {
    return check.Run(ask.arguments, ask.environment, ReadLoadAverage());
  });
  commands["check_memory"] =
      With<MemoryCheck>([shared](const MemoryCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, MemoryNow(shared.collector));
      });
  commands["check_process"] =
      With<ProcessCheck>([shared](const ProcessCheck& check, const Ask& ask) {
        return Processes(check, ask, shared);
      });
  commands["check_uptime"] =
      With<UptimeCheck>([shared](const UptimeCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, ReadUptime(), shared.zone());
      });
  AddSampledCommands(shared, commands);
  AddPlatformCommands(shared, commands);
  return commands;
}

}  // namespace nscp::check_system
