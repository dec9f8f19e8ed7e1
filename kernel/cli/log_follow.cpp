#include "kernel/cli/log_follow.h"

namespace nscp::kernel {

LogFollow::End LogFollow::Run(
    KernelClient& client, const v1::WatchLogsRequest& request,
    const std::function<bool(const v1::WatchLogsResponse&)>& print) {
  const auto subscription = client.WatchLogs(
      request, [this](const v1::WatchLogsResponse& batch) { return Take(batch); },
      [this](const Status& why) { Ended(why); });
  while (const auto batch = Next(*subscription)) {
    if (!print(*batch)) return EndOf(End::kReaderGone);
  }
  return EndOf(End::kAgentGone);
}

LogFollow::End LogFollow::EndOf(End unless_stopped) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return stop_ ? End::kStopped : unless_stopped;
}

void LogFollow::Stop() {
  const std::lock_guard<std::mutex> lock(mutex_);
  stop_ = true;
  changed_.notify_all();
}

Status LogFollow::status() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return why_;
}

bool LogFollow::Take(const v1::WatchLogsResponse& batch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  waiting_.push_back(batch);
  paused_ = waiting_.size() >= kMaxBatches;
  changed_.notify_all();
  return !paused_;
}

void LogFollow::Ended(const Status& why) {
  const std::lock_guard<std::mutex> lock(mutex_);
  why_ = why;
  ended_ = true;
  changed_.notify_all();
}

std::optional<v1::WatchLogsResponse> LogFollow::Next(
    KernelClient::Subscription& subscription) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return stop_ || ended_ || !waiting_.empty(); });
  if (stop_ || waiting_.empty()) return std::nullopt;
  v1::WatchLogsResponse batch = std::move(waiting_.front());
  waiting_.pop_front();
  const bool resume = paused_ && waiting_.empty();
  if (resume) paused_ = false;
  lock.unlock();
  if (resume) subscription.Resume();
  return batch;
}

}  // namespace nscp::kernel
