#include "workers/check_system/check_system.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include "workers/check_system/check_cpu.h"
#include "workers/check_system/check_load.h"
#include "workers/check_system/check_memory.h"
#include "workers/check_system/check_process.h"
#include "workers/check_system/check_uptime.h"
#include "workers/check_system/cpu_collector.h"
#include "workers/check_system/owner_names.h"
#include "workers/check_system/system_metrics.h"
#include "workers/check_system/uptime_source.h"
#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

constexpr char kPath[] = "/settings/system/unix";
// A check that comes right after the start waits so long for the first figures.
constexpr std::chrono::seconds kFirstDataWait{2};

// False when the call is cancelled meanwhile.
bool Wait(const sdk::Call& call, int milliseconds) {
  constexpr std::chrono::milliseconds kLook{25};
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  while (std::chrono::steady_clock::now() < end) {
    if (call.cancelled()) return false;
    std::this_thread::sleep_for(kLook);
  }
  return !call.cancelled();
}

class CheckSystem : public sdk::Module {
 public:
  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    RETURN_IF_ERROR(Reload(context.settings));
    if (!context.no_start) collector_.Start();
    return Status::Ok();
  }

  Status Reload(const sdk::Settings& settings) override {
    if (const auto length = settings.Find(kPath, "default buffer length")) {
      const auto seconds = checks::ParseDuration(*length);
      if (seconds) {
        collector_.SetCapacity(*seconds);
      } else {
        Warn("Invalid time specification in " + std::string(kPath) +
             " for default buffer length: '" + *length + "' (write a time such as 1h)");
      }
    }
    auto zone = checks::TimeZone::Parse(settings.Get(kPath, "timezone"));
    if (!zone.ok()) {
      Warn(std::string(kPath) + ", timezone: " + zone.status().message());
      zone = checks::TimeZone();
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    zone_ = std::move(zone).value();
    return Status::Ok();
  }

  void Stop() override { collector_.Stop(); }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    const checks::Environment environment = MakeEnvironment(call);
    if (query.command == "check_cpu") {
      return cpu_.Run(
          query.arguments, environment,
          [&] {
            return collector_.WaitForData(
                std::min(call.deadline(), CpuCollector::Clock::now() + kFirstDataWait));
          },
          [&](int64_t seconds) { return collector_.Average(seconds); });
    }
    if (query.command == "check_load") {
      return load_.Run(query.arguments, environment, ReadLoadAverage());
    }
    if (query.command == "check_memory") {
      return memory_.Run(query.arguments, environment, ReadMemory());
    }
    if (query.command == "check_process") {
      const checks::TimeZone zone = this->zone();
      return process_.Run(
          query.arguments, environment,
          {*processes_, zone, [this](int64_t uid) { return owners_.Find(uid); },
           [&call](int milliseconds) { return Wait(call, milliseconds); }});
    }
    if (query.command == "check_uptime") {
      return uptime_.Run(query.arguments, environment, ReadUptime(), zone());
    }
    return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
  }

  // What cannot be read now has no figures.
  std::vector<sdk::Metric> OnMetrics(std::chrono::steady_clock::time_point) override {
    std::vector<sdk::Metric> metrics;
    AddCollectorMetrics(CpuCollector::kInterval, metrics);
    if (collector_.WaitForData(CpuCollector::Clock::now()).ok()) {
      AddCpuMetrics(collector_.Average(kCpuMetricsSeconds), metrics);
    }
    if (const auto memory = ReadMemory(); memory.ok()) AddMemoryMetrics(*memory, metrics);
    if (const auto uptime = ReadUptime(); uptime.ok()) {
      AddUptimeMetrics(*uptime, Now(), zone(), metrics);
    }
    return metrics;
  }

 private:
  static int64_t Now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  void Warn(const std::string& text) { host_->Log(sdk::LogLevel::kError, text); }

  checks::TimeZone zone() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return zone_;
  }

  checks::Environment MakeEnvironment(sdk::Call& call) {
    checks::Environment environment;
    environment.now = Now();
    environment.log = [this](sdk::LogLevel level, std::string_view text) {
      host_->Log(level, text);
    };
    environment.cancelled = [&call] { return call.cancelled(); };
    return environment;
  }

  sdk::Host* host_ = nullptr;
  const CpuCheck cpu_;
  const LoadCheck load_;
  const MemoryCheck memory_;
  const ProcessCheck process_;
  const UptimeCheck uptime_;
  const std::unique_ptr<const ProcessSource> processes_ = MakeProcessSource();
  OwnerNames owners_;
  CpuCollector collector_{MakeCpuSource()};
  std::mutex mutex_;
  checks::TimeZone zone_;
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckSystem() { return std::make_unique<CheckSystem>(); }

}  // namespace nscp::check_system
