#include "workers/check_disk/disk_collector.h"

#include <algorithm>

namespace nscp::check_disk {

DiskCollector::DiskCollector(Read read, Complain complain,
                             std::function<Clock::time_point()> now)
    : read_(std::move(read)), complain_(std::move(complain)), now_(std::move(now)) {}

DiskCollector::~DiskCollector() { Stop(); }

void DiskCollector::Configure(std::chrono::seconds interval, int64_t max_errors) {
  const std::lock_guard<std::mutex> lock(mutex_);
  interval_ = std::clamp(interval, kMinInterval, kMaxInterval);
  max_errors_ = std::max<int64_t>(max_errors, 0);
  ++configured_;
  changed_.notify_all();
}

void DiskCollector::Start() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (running_) return;
    running_ = true;
    ForgetLocked();
  }
  if (thread_.joinable()) thread_.join();
  thread_ = std::thread([this] { Run(); });
}

void DiskCollector::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    running_ = false;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  const std::lock_guard<std::mutex> lock(mutex_);
  ForgetLocked();
}

void DiskCollector::ForgetLocked() {
  given_up_ = has_counters_ = has_latest_ = false;
  errors_ = 0;
  last_error_ = Status::Ok();
}

void DiskCollector::Run() {
  bool going_on = Sample();
  std::unique_lock<std::mutex> lock(mutex_);
  while (running_ && going_on) {
    const uint64_t seen = configured_;
    changed_.wait_for(lock, IntervalLocked(),
                      [&] { return !running_ || configured_ != seen; });
    if (!running_) return;
    lock.unlock();
    going_on = Sample();
    lock.lock();
  }
}

std::chrono::seconds DiskCollector::IntervalLocked() const {
  return has_latest_ ? interval_ : std::min(interval_, kFirstInterval);
}

bool DiskCollector::FailLocked(const Status& error, std::string& complaint) {
  last_error_ = error;
  ++errors_;
  // Nothing to complain of: this system does not tell, now or later. Checks say so.
  if (error.code() == Code::kUnimplemented) return false;
  given_up_ = max_errors_ > 0 && errors_ >= max_errors_;
  if (errors_ == 1) complaint = error.message();
  if (given_up_) {
    complaint = "The activity of disks is not collected any more after " +
                std::to_string(errors_) + " failures: " + error.message() +
                ". Reload the module to try again.";
  }
  return !given_up_;
}

bool DiskCollector::Sample() {
  auto counters = read_();
  const Clock::time_point now = now_();
  std::string complaint;
  bool going_on = true;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!counters.ok()) {
      going_on = FailLocked(counters.status(), complaint);
    } else {
      errors_ = 0;
      last_error_ = Status::Ok();
      if (has_counters_ && now > read_at_) {
        latest_ = ActivityBetween(counters_, *counters, now - read_at_);
        latest_at_ = now;
        has_latest_ = true;
      }
      counters_ = std::move(counters).value();
      read_at_ = now;
      has_counters_ = true;
    }
    changed_.notify_all();
  }
  if (!complaint.empty() && complain_) complain_(complaint);
  return going_on;
}

Status DiskCollector::StateLocked() const {
  if (given_up_) {
    return Status::Unavailable("The activity of disks is not collected any more: " +
                               last_error_.message());
  }
  if (!has_latest_ && !last_error_.ok()) return last_error_;
  if (!has_latest_) {
    return Status::Unavailable(
        "No disk activity available yet (collector still initializing)");
  }
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(now_() - latest_at_);
  if (age <= kStaleIntervals * interval_) return Status::Ok();
  return Status::Unavailable("The newest disk activity is " +
                             std::to_string(age.count()) + " seconds old" +
                             (last_error_.ok() ? "" : ": " + last_error_.message()));
}

Result<std::vector<DiskActivity>> DiskCollector::Latest(Clock::time_point until) {
  std::unique_lock<std::mutex> lock(mutex_);
  const bool has_begun = running_ || has_counters_ || !last_error_.ok();
  if (!has_begun) return Status::FailedPrecondition("Collector not started");
  changed_.wait_until(lock, until,
                      [this] { return !running_ || has_latest_ || !last_error_.ok(); });
  RETURN_IF_ERROR(StateLocked());
  return latest_;
}

}  // namespace nscp::check_disk
