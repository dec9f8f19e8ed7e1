#include "workers/check_nscp/kernel_view.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "proto/cpp/text.h"

namespace nscp::check_nscp {
namespace {

std::string FirstLine(const std::string& text) {
  const size_t end = std::min({text.find('\n'), text.size(), kMaxErrorText});
  return std::string(Trim(std::string_view(text).substr(0, end)));
}

// Records of ends are bounded, the count of restarts is not; a worker that waits for its
// next try has ended once more than it was restarted.
uint64_t CrashesOf(const v1::ModuleInfo& module) {
  const auto unwanted =
      std::count_if(module.ends().begin(), module.ends().end(),
                    [](const v1::EndRecord& end) { return !end.wanted(); });
  const uint64_t waiting = module.state() == v1::BACKOFF ? 1 : 0;
  return std::max(static_cast<uint64_t>(unwanted), module.restarts() + waiting);
}

// The errors of the log since it was made. Any thread.
class ErrorCounter {
 public:
  explicit ErrorCounter(KernelClient& kernel) : kernel_(kernel) { Subscribe(); }

  // False when the kernel has not told within `limit` that it watches.
  bool WaitUntilWatching(std::chrono::milliseconds limit) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, limit, [this] { return position_ || ended_; }) &&
           !ended_;
  }

  // The count and the last error, or why they are not known.
  Status Tell(std::chrono::milliseconds limit, AgentFacts* facts) {
    // A watch that broke begins again where it stopped.
    if (HasEnded()) Subscribe();
    const bool watching = WaitUntilWatching(limit);
    const std::lock_guard<std::mutex> lock(mutex_);
    facts->errors = errors_;
    facts->last_error = last_;
    if (watching) return Status::Ok();
    const Status why = ended_.value_or(Status::DeadlineExceeded("no answer in time"));
    return why.WithContext("watching the log for errors");
  }

 private:
  bool HasEnded() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return ended_.has_value();
  }

  void Subscribe() {
    const std::lock_guard<std::mutex> one(subscribing_);
    v1::WatchLogsRequest request;
    request.add_levels(v1::LOG_ERROR);
    request.add_levels(v1::LOG_CRITICAL);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (watch_ && !ended_) return;  // another thread was quicker
      ended_.reset();
      if (position_) {
        request.set_after(*position_);
        request.set_started_ms(started_ms_);
      }
    }
    watch_.reset();
    watch_ = kernel_.WatchLogs(
        request, [this](const v1::WatchLogsResponse& batch) { return Count(batch); },
        [this](const Status& status) { End(status); });
  }

  bool Count(const v1::WatchLogsResponse& batch) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (batch.started_ms() != 0) {
      started_ms_ = batch.started_ms();
      position_ = std::max(position_.value_or(0), batch.position());
    } else {
      errors_ += batch.lost();  // the first message counts lines of any level there
    }
    errors_ += static_cast<uint64_t>(batch.entries_size());
    for (const v1::LogEntry& entry : batch.entries()) {
      last_ = FirstLine(entry.message());
      position_ = std::max(position_.value_or(0), entry.index());
    }
    changed_.notify_all();
    return true;
  }

  void End(const Status& status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ended_ = status.ok() ? Status::Unavailable("the kernel ended it") : status;
    changed_.notify_all();
  }

  KernelClient& kernel_;
  std::mutex subscribing_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<uint64_t> position_;  // of the last entry; nothing = not yet watching
  int64_t started_ms_ = 0;
  uint64_t errors_ = 0;
  std::string last_;
  std::optional<Status> ended_;
  // Last: its end waits for the functions that use what stands above.
  std::unique_ptr<KernelClient::Subscription> watch_;
};

class KernelView final : public AgentView {
 public:
  KernelView(KernelClient& kernel, std::chrono::milliseconds limit)
      : kernel_(kernel), errors_(kernel) {
    errors_.WaitUntilWatching(limit);  // if not, Read says so
  }

  Result<AgentFacts> Read(std::chrono::milliseconds limit) override {
    CallOptions options;
    options.timeout = limit;
    v1::ListModulesRequest request;
    request.set_details(true);
    ASSIGN_OR_RETURN(const auto modules, kernel_.ListModules(request, options));
    ASSIGN_OR_RETURN(const auto host, kernel_.GetHostStatus({}, options));
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    AgentFacts facts =
        FactsOf(modules, host,
                std::chrono::duration_cast<std::chrono::microseconds>(now).count());
    RETURN_IF_ERROR(errors_.Tell(limit, &facts));
    return facts;
  }

 private:
  KernelClient& kernel_;
  ErrorCounter errors_;
};

}  // namespace

AgentFacts FactsOf(const v1::ListModulesResponse& modules,
                   const v1::GetHostStatusResponse& host, int64_t now_us) {
  constexpr int64_t kMicrosInMilli = 1000;
  AgentFacts facts;
  int64_t last = -1;
  for (const v1::ModuleInfo& module : modules.modules()) {
    facts.crashes += CrashesOf(module);
    for (const v1::EndRecord& end : module.ends()) {
      if (end.wanted() || end.ended_ms() < last) continue;
      last = end.ended_ms();
      facts.last_crash = module.id() + ": " + FirstLine(end.reason());
    }
  }
  facts.uptime = std::chrono::microseconds(
      std::max<int64_t>(0, now_us - host.started_ms() * kMicrosInMilli));
  return facts;
}

std::unique_ptr<AgentView> MakeKernelView(KernelClient& kernel,
                                          std::chrono::milliseconds limit) {
  return std::make_unique<KernelView>(kernel, limit);
}

}  // namespace nscp::check_nscp
