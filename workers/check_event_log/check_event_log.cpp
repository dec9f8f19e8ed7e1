#include "workers/check_event_log/check_event_log.h"

#include <algorithm>
#include <mutex>

#include "proto/cpp/text.h"
#include "workers/check_event_log/commands.h"
#include "workers/check_event_log/event_watch.h"
#include "workers/check_event_log/eventlog_check.h"

namespace nscp::check_event_log {
namespace {

constexpr char kPath[] = "/settings/eventlog";
constexpr char kRealTime[] = "/settings/eventlog/real-time";
constexpr int64_t kMinBuffer = 4 * 1024;
constexpr int64_t kMaxBuffer = 512 * 1024;  // of ReadEventLog

int64_t SecondsSince1970() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// All that the module is made of.
std::string SettingsOf(const sdk::Settings& settings) {
  std::string text;
  for (const sdk::Settings::Entry& entry : settings.all()) {
    if (!StartsWith(ToLowerAscii(entry.path), kPath)) continue;
    text += entry.path + '\n' + entry.key + '\n' + entry.value + '\n';
  }
  return text;
}

EventLogsOptions LogsOptions(const sdk::Settings& settings) {
  EventLogsOptions options;
  const auto otherwise = static_cast<int64_t>(options.buffer_size);
  options.buffer_size = static_cast<size_t>(std::clamp(
      settings.GetInt(kPath, "buffer size", otherwise), kMinBuffer, kMaxBuffer));
  options.lookup_names = settings.GetBool(kPath, "lookup names", true);
  return options;
}

// What one snapshot of the settings comes to. The watch ends before the logs do.
struct Setup {
  EventlogCheck check;
  bool debug = false;
  Status problem;                   // why there are no logs
  std::unique_ptr<EventLogs> logs;  // may be null
  std::unique_ptr<EventWatch> watch;

  explicit Setup(const std::string& syntax) : check(syntax) {}
};

class CheckEventLog : public sdk::Module {
 public:
  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    no_start_ = context.no_start;
    bookmarks_ = std::make_unique<checks::Bookmarks>(*host_);
    return Reload(context.settings);
  }

  // Filters that have not changed go on, so that a reload costs no record.
  Status Reload(const sdk::Settings& settings) override {
    const std::string wanted = SettingsOf(settings);
    if (setup() != nullptr && wanted == settings_) return Status::Ok();
    auto next = std::make_shared<Setup>(settings.Get(kPath, "syntax"));
    next->debug = settings.GetBool(kPath, "debug", false);
    auto logs = OpenEventLogs(LogsOptions(settings), log_);
    next->problem = logs.status();
    if (logs.ok()) next->logs = std::move(*logs);
    const bool real_time = settings.GetBool(kRealTime, "enabled", false) && !no_start_;
    if (real_time && next->logs != nullptr) {
      next->watch =
          std::make_unique<EventWatch>(settings, *host_, *next->logs, &SecondsSince1970);
      next->watch->Start();
    }
    settings_ = wanted;
    Put(std::move(next));
    return Status::Ok();
  }

  void Stop() override { Put(nullptr); }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    const bool is_old = query.command == "checkeventlog";
    const auto now = setup();
    if ((!is_old && query.command != "check_eventlog") || now == nullptr) {
      return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
    }
    if (now->logs == nullptr) return sdk::CheckResult::Unknown(now->problem.message());
    const checks::Environment environment = checks::EnvironmentOf(log_, call);
    const auto arguments = is_old ? OfOldArguments(query.arguments) : query.arguments;
    auto result = now->check.Run(arguments, environment, *now->logs, *bookmarks_);
    if (now->debug) {
      host_->Log(sdk::LogLevel::kDebug,
                 query.command + " " + Join(arguments, " ") + ": " +
                     (result.lines.empty() ? "" : result.lines[0].message));
    }
    return result;
  }

  sdk::ExecAnswer OnExec(const sdk::Query& command, sdk::Call&) override {
    const std::lock_guard<std::mutex> lock(commands_);
    const auto now = setup();
    CommandTools tools;
    if (now != nullptr) {
      tools.logs = now->logs.get();
      tools.problem = now->problem;
    }
    tools.report = &ReportNewEvent;
    tools.save = [this](const auto& entries) { return host_->SaveSettings(entries); };
    return RunCommand(command, tools);
  }

  std::vector<sdk::Metric> OnMetrics(std::chrono::steady_clock::time_point) override {
    std::vector<sdk::Metric> metrics;
    const auto now = setup();
    if (now != nullptr && now->watch != nullptr) now->watch->AddMetrics(metrics);
    return metrics;
  }

 private:
  std::shared_ptr<Setup> setup() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return setup_;
  }
  // The one before ends only when the next one runs, and outside of the lock; calls that
  // still use it keep its logs.
  void Put(std::shared_ptr<Setup> next) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      std::swap(setup_, next);
    }
    if (next != nullptr && next->watch != nullptr) next->watch->Stop();
  }

  sdk::Host* host_ = nullptr;
  bool no_start_ = false;
  const checks::Log log_ = [this](sdk::LogLevel level, std::string_view text) {
    host_->Log(level, text);
  };
  std::unique_ptr<checks::Bookmarks> bookmarks_;
  std::string settings_;  // of setup_
  std::mutex commands_;
  std::mutex mutex_;
  std::shared_ptr<Setup> setup_;
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckEventLog() {
  return std::make_unique<CheckEventLog>();
}

}  // namespace nscp::check_event_log
