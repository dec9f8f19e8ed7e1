#include "workers/check_system/check_system.h"

#include <mutex>

#include "workers/check_system/collector_switches.h"
#include "workers/check_system/commands.h"
#include "workers/check_system/module_metrics.h"
#include "workers/check_system/platform_parts.h"
#include "workers/check_system/settings_root.h"
#include "workers/check_system/system_metrics.h"
#include "workers/check_system/units.h"
#include "workers/check_system/uptime_source.h"
#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

class CheckSystem : public sdk::Module {
 public:
  // What listens to the collector goes first.
  ~CheckSystem() override { collector_.Stop(); }

  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    is_watching_ = !context.no_start;
    RETURN_IF_ERROR(Reload(context.settings));
    if (is_watching_) collector_.Start();
    return Status::Ok();
  }

  Status Reload(const sdk::Settings& settings) override {
    const std::string path = SettingsRoot();
    if (const auto length = settings.Find(path, "default buffer length")) {
      const auto seconds = checks::ParseDuration(*length);
      if (seconds) {
        collector_.SetCapacity(*seconds);
      } else {
        Warn("Invalid time specification in " + path + " for default buffer length: '" +
             *length + "' (write a time such as 1h)");
      }
    }
    for (const std::string& problem : switches_.Configure(settings)) Warn(problem);
    auto zone = checks::TimeZone::Parse(settings.Get(path, "timezone"));
    if (!zone.ok()) {
      Warn(path + ", timezone: " + zone.status().message());
      zone = checks::TimeZone();
    }
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      zone_ = std::move(zone).value();
    }
    units_.Configure(settings, host_, is_watching_);
    platform_->Configure(settings, host_, is_watching_);
    return Status::Ok();
  }

  void Stop() override {
    platform_->Stop();
    units_.Stop();
    collector_.Stop();
  }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    const auto command = commands_.find(query.command);
    if (command == commands_.end()) {
      return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
    }
    const checks::Environment environment = MakeEnvironment(call);
    return command->second({query.arguments, environment, call});
  }

  // What cannot be read now has no figures.
  std::vector<sdk::Metric> OnMetrics(
      std::chrono::steady_clock::time_point deadline) override {
    std::vector<sdk::Metric> metrics;
    AddCollectorMetrics(Collector::kInterval, metrics);
    AddSampledMetrics(collector_, deadline, metrics);
    if (const auto uptime = ReadUptime(); uptime.ok()) {
      AddUptimeMetrics(*uptime, Now(), zone(), metrics);
    }
    AddSensorMetrics(deadline, metrics);
    units_.AddMetrics(metrics);
    platform_->AddMetrics(metrics);
    return metrics;
  }

  sdk::ExecAnswer OnExec(const sdk::Query& command, sdk::Call& call) override {
    return platform_->Exec(command, call);
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

  Commands MakeAllCommands() {
    Commands commands =
        MakeCommands({collector_, *processes_, owners_, [this] { return zone(); }});
    units_.AddCommands(commands);
    platform_->AddCommands(commands);
    return commands;
  }

  sdk::Host* host_ = nullptr;
  bool is_watching_ = false;
  const std::unique_ptr<const ProcessSource> processes_ = MakeProcessSource();
  OwnerNames owners_;
  CollectorSwitches switches_;
  Collector collector_{switches_.Guard({})};
  std::mutex mutex_;
  checks::TimeZone zone_;
  Units units_{*processes_, collector_, [this] { return zone(); }};
  const std::unique_ptr<PlatformParts> platform_ =
      MakePlatformParts([this] { return zone(); });
  const Commands commands_ = MakeAllCommands();
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckSystem() { return std::make_unique<CheckSystem>(); }

}  // namespace nscp::check_system
