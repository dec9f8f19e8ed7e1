#include "workers/check_system/sampled_commands.h"

#include <algorithm>
#include <chrono>

#include "workers/check_system/change.h"
#include "workers/check_system/check_battery.h"
#include "workers/check_system/check_cpu_frequency.h"
#include "workers/check_system/check_cpu_utilization.h"
#include "workers/check_system/check_kernel_memory.h"
#include "workers/check_system/check_kernel_stats.h"
#include "workers/check_system/check_network.h"
#include "workers/check_system/check_pagefile.h"
#include "workers/check_system/check_swap_io.h"
#include "workers/check_system/check_temperature.h"
#include "workers/check_system/load_source.h"

namespace nscp::check_system {
namespace {

// Between two samples that a check takes itself.
constexpr int kOwnInterval = 1000;  // milliseconds

// Which source of a step a check wants, by both of its names.
template <class T>
struct Part {
  const char* what;
  Result<T> Sample::*sampled;
  std::function<Result<T>()> Sources::*source;
};

constexpr Part<CpuSample> kCpu = {"CPU", &Sample::cpu, &Sources::cpu};
constexpr Part<Interfaces> kNetwork = {"network", &Sample::network, &Sources::network};
constexpr Part<PagingCounters> kPaging = {"paging", &Sample::paging, &Sources::paging};

template <class T>
Result<Change<T>> SampleTwice(const std::function<Result<T>()>& read, const Ask& ask) {
  const auto begin = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(T before, read());
  if (!ask.Wait(kOwnInterval)) {
    return Status::Cancelled("The check was stopped between its two samples");
  }
  ASSIGN_OR_RETURN(T after, read());
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return Change<T>{std::move(before), std::move(after), seconds.count()};
}

// The last second as the collector saw it; where it does not run, the check samples.
template <class T>
Result<Change<T>> LastSecond(Collector& collector, const Part<T>& part, const Ask& ask) {
  if (!collector.running()) return SampleTwice(collector.sources().*part.source, ask);
  ASSIGN_OR_RETURN(const SamplePair pair,
                   collector.WaitForPair(part.what, FirstDataLimit(ask)));
  const Result<T>& after = (*pair.after).*part.sampled;
  const Result<T>& before = (*pair.before).*part.sampled;
  if (!after.ok()) return after.status();
  const std::chrono::duration<double> seconds = pair.after->at - pair.before->at;
  // A source that could not be read a second ago has had no change that is known.
  return Change<T>{before.ok() ? *before : *after, *after, seconds.count()};
}

template <class T>
ChangeSource<T> From(Collector& collector, const Part<T>& part, const Ask& ask) {
  return [&collector, &part, &ask] { return LastSecond(collector, part, ask); };
}

void AddRates(const Shared& shared, Commands& commands) {
  Collector& collector = shared.collector;
  commands["check_cpu_utilization"] =
      With<UtilizationCheck>([&collector](const UtilizationCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, From(collector, kCpu, ask));
      });
  commands["check_kernel_stats"] =
      With<KernelStatsCheck>([&collector](const KernelStatsCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, From(collector, kCpu, ask),
                         &ReadThreadCount);
      });
  commands["check_network"] =
      With<NetworkCheck>([&collector](const NetworkCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, From(collector, kNetwork, ask),
                         [&ask](const std::vector<std::string>& names) {
                           return ReadInterfaceFacts(names, ask.environment.cancelled);
                         });
      });
  commands["check_swap_io"] =
      With<SwapIoCheck>([&collector](const SwapIoCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, From(collector, kPaging, ask),
                         CountSwaps, PageSize());
      });
}

void AddMemory(const Shared& shared, Commands& commands) {
  Collector& collector = shared.collector;
  commands["check_kernel_memory"] = With<KernelMemoryCheck>(
      [&collector](const KernelMemoryCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, MemoryNow(collector),
                         From(collector, kPaging, ask));
      });
  commands["check_pagefile"] =
      With<PagefileCheck>([&collector](const PagefileCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, MemoryNow(collector));
      });
}

template <class Check, class Read>
Command Sensors(Read read) {
  return With<Check>([read](const Check& check, const Ask& ask) {
    return check.Run(ask.arguments, ask.environment, read);
  });
}

void AddSensors(Commands& commands) {
  commands["check_battery"] = Sensors<BatteryCheck>(ReadBatteries);
  commands["check_cpu_frequency"] = Sensors<CpuFrequencyCheck>(ReadCpuFrequencies);
  commands["check_temperature"] = Sensors<TemperatureCheck>(ReadTemperatures);
}

}  // namespace

void AddSampledCommands(const Shared& shared, Commands& commands) {
  AddRates(shared, commands);
  AddMemory(shared, commands);
  AddSensors(commands);
}

}  // namespace nscp::check_system
