#include "workers/scheduler/scheduler.h"

#include <algorithm>

#include "workers/checks/formats.h"
#include "workers/scheduler/runner.h"

namespace nscp::scheduler {
namespace {

constexpr char kPath[] = "/settings/scheduler";
constexpr char kBundle[] = "scheduler";
constexpr int64_t kDefaultThreads = 5;
constexpr int64_t kLongestWindow = 86400;  // seconds

class Scheduler : public sdk::Module {
 public:
  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    runner_ = std::make_unique<Runner>(*host_);
    RETURN_IF_ERROR(Reload(context.settings));
    if (!context.no_start) runner_->Start();
    return Status::Ok();
  }

  Status Reload(const sdk::Settings& settings) override {
    Runner::Work work;
    work.schedules = ReadSchedules(
        settings, std::string(kPath) + "/schedules",
        [this](sdk::LogLevel level, std::string_view text) { host_->Log(level, text); });
    work.threads = static_cast<size_t>(
        std::clamp<int64_t>(settings.GetInt(kPath, "threads", kDefaultThreads), 1,
                            static_cast<int64_t>(Runner::kMaxThreads)));
    work.startup_window = std::chrono::seconds(Window(settings));
    work.zone = Zone(settings);
    runner_->Replace(std::move(work));
    return Status::Ok();
  }

  void Drain(std::chrono::milliseconds limit) override { runner_->Drain(limit); }
  void Stop() override { runner_->Stop(); }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call&) override {
    return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
  }

  std::vector<sdk::Metric> OnMetrics(std::chrono::steady_clock::time_point) override {
    const Runner::Figures figures = runner_->figures();
    auto metric = [](const char* key, double value, const char* description) {
      return sdk::Metric{kBundle, key, value, description};
    };
    return {
        metric("jobs", static_cast<double>(figures.jobs), "Schedules"),
        metric("submitted", static_cast<double>(figures.submitted),
               "Results that a channel has taken"),
        metric("errors", static_cast<double>(figures.errors),
               "Results that no channel took, and runs that were left out"),
        metric("threads", static_cast<double>(figures.threads),
               "Threads that run checks"),
        metric("queue", static_cast<double>(figures.queue),
               "Schedules that are due and wait for a thread"),
        metric("avgtime", figures.average_ms,
               "Milliseconds that a run takes, on average"),
        metric("rate", figures.rate, "Runs a second since the start"),
    };
  }

 private:
  void Tell(const std::string& text) { host_->Log(sdk::LogLevel::kError, text); }

  int64_t Window(const sdk::Settings& settings) {
    const std::string text = settings.Get(kPath, "startup window", "0s");
    const auto window = checks::ParseDuration(text);
    if (window) return std::min(*window, kLongestWindow);
    Tell("Invalid time in " + std::string(kPath) + ", startup window: '" + text +
         "' (write a time such as 30s); no window is used");
    return 0;
  }

  checks::TimeZone Zone(const sdk::Settings& settings) {
    auto zone = checks::TimeZone::Parse(settings.Get(kPath, "timezone"));
    if (zone.ok()) return std::move(zone).value();
    Tell(std::string(kPath) + ", timezone: " + zone.status().message());
    return {};
  }

  sdk::Host* host_ = nullptr;
  std::unique_ptr<Runner> runner_;
};

}  // namespace

std::unique_ptr<sdk::Module> MakeScheduler() { return std::make_unique<Scheduler>(); }

}  // namespace nscp::scheduler
