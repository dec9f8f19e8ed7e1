#include "workers/check_log_file/check_log_file.h"

#include <mutex>

#include "proto/cpp/text.h"
#include "workers/check_log_file/log_watch.h"
#include "workers/check_log_file/logfile_check.h"

namespace nscp::check_log_file {
namespace {

constexpr char kRealTime[] = "/settings/logfile/real-time";

// What the real-time filters are made of.
std::string FingerprintOf(const sdk::Settings& settings) {
  std::string text;
  for (const sdk::Settings::Entry& entry : settings.all()) {
    if (!StartsWith(ToLowerAscii(entry.path), kRealTime)) continue;
    text += entry.path + '\n' + entry.key + '\n' + entry.value + '\n';
  }
  return text;
}

class CheckLogFile : public sdk::Module {
 public:
  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    no_start_ = context.no_start;
    bookmarks_ = std::make_unique<Bookmarks>(*host_);
    return Reload(context.settings);
  }

  // Filters that have not changed go on, so that a reload costs no line.
  Status Reload(const sdk::Settings& settings) override {
    const bool enabled = settings.GetBool(kRealTime, "enabled", false) && !no_start_;
    const std::string wanted = enabled ? FingerprintOf(settings) : "";
    if (wanted == watched_) return Status::Ok();
    std::shared_ptr<LogWatch> next;
    if (enabled) {
      next = std::make_shared<LogWatch>(settings, *host_);
      next->Start();
    }
    watched_ = wanted;
    Put(std::move(next));
    return Status::Ok();
  }

  void Stop() override {
    Put(nullptr);
    watched_.clear();
  }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    if (query.command != "check_logfile" && query.command != "checklogfile") {
      return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
    }
    return check_.Run(query.arguments, checks::EnvironmentOf(*host_, call), &OpenLogFile,
                      *bookmarks_);
  }

  std::vector<sdk::Metric> OnMetrics(std::chrono::steady_clock::time_point) override {
    std::vector<sdk::Metric> metrics;
    const std::lock_guard<std::mutex> lock(mutex_);
    if (watch_ != nullptr) watch_->AddMetrics(metrics);
    return metrics;
  }

 private:
  // The one before ends only when the next one runs, and outside of the lock.
  void Put(std::shared_ptr<LogWatch> next) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      std::swap(watch_, next);
    }
    if (next != nullptr) next->Stop();
  }

  sdk::Host* host_ = nullptr;
  bool no_start_ = false;
  const LogfileCheck check_;
  std::unique_ptr<Bookmarks> bookmarks_;
  std::string watched_;  // the settings of watch_
  std::mutex mutex_;
  std::shared_ptr<LogWatch> watch_;  // null: no real-time filters
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckLogFile() {
  return std::make_unique<CheckLogFile>();
}

}  // namespace nscp::check_log_file
