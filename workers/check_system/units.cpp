#include "workers/check_system/units.h"

#include "workers/check_system/process_history_metrics.h"
#include "workers/check_system/settings_root.h"
#include "workers/check_system/unit_commands.h"

namespace nscp::check_system {
namespace {

int64_t SecondsNow() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Units::Units(const ProcessSource& processes, Collector& collector,
             std::function<checks::TimeZone()> zone)
    : processes_(processes),
      collector_(collector),
      zone_(std::move(zone)),
      realtime_(zone_),
      watch_(processes, &SecondsNow) {
  collector_.SetListener([this](const Sample& sample) { OnSample(sample); });
}

void Units::OnSample(const Sample& sample) {
  const int64_t now = SecondsNow();
  if (sample.memory.ok()) realtime_.OnMemory(sample.memory->kinds, now);
  if (sample.cpu.ok() && collector_.WaitForCpu(Collector::Clock::now()).ok()) {
    realtime_.OnCpu([this](int64_t seconds) { return collector_.Average(seconds); }, now);
  }
}

void Units::Configure(const sdk::Settings& settings, sdk::Host* host, bool watch) {
  const std::string address = settings.Get(SettingsRoot(), "bus address");
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    bus_address_ = address;
  }
  if (!watch) return;
  watch_.Stop();
  realtime_.Configure(settings, host, SecondsNow());
  const SystemRealtime::ProcessNeeds needs = realtime_.process_needs();
  ProcessWatch::Wish wish;
  wish.history = settings.GetBool(SettingsRoot(), "process history", false);
  wish.command_line = needs.command_line;
  wish.details = needs.details;
  if (needs.any) {
    wish.look = [this](const std::vector<Process>& processes) {
      realtime_.OnProcesses(processes, processes_.ticks_per_second(), SecondsNow());
    };
  }
  watch_.Configure(std::move(wish));
  ServiceTags::Pairs pairs;
  for (const auto& entry : settings.Keys(SettingsPath("service-tags"))) {
    pairs.emplace_back(entry.key, entry.value);
  }
  tags_.Configure(pairs, MakeServiceManager(address), host);
}

void Units::Stop() {
  watch_.Stop();
  tags_.Stop();
  realtime_.Stop();
  updates_.Stop();
}

void Units::AddCommands(Commands& commands) {
  AddUnitCommands({processes_, watch_, updates_, zone_,
                   [this] {
                     const std::lock_guard<std::mutex> lock(mutex_);
                     return bus_address_;
                   }},
                  commands);
}

void Units::AddMetrics(std::vector<sdk::Metric>& metrics) {
  realtime_.AddMetrics(metrics);
  if (!watch_.has_history()) return;
  const auto records = watch_.Records(ProcessWatch::Clock::now());
  if (records.ok()) AddProcessHistoryMetrics(*records, metrics);
}

}  // namespace nscp::check_system
