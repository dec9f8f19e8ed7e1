#include "kernel/core/metrics_collector.h"

#include <algorithm>

#include "kernel/settings/settings.h"

namespace nscp::kernel {
namespace {

// The host's own source: no slot has an empty name.
constexpr char kHostSource[] = "";

int64_t RoundTimeMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// A worker speaks about its own business; about workers the host does.
bool IsHostsBundle(const std::string& bundle) {
  const std::string host = kWorkersBundle;
  return bundle == host || bundle.rfind(host + ".", 0) == 0;
}

}  // namespace

MetricsCollector::MetricsCollector(Sources sources, MetricsStore& store)
    : sources_(std::move(sources)), store_(store) {}

MetricsCollector::~MetricsCollector() { Stop(); }

void MetricsCollector::Start() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (thread_.joinable() || stopping_) return;
  thread_ = std::thread([this] { Run(); });
}

void MetricsCollector::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  {
    const std::lock_guard<std::mutex> lock(mail_->mutex);
    mail_->stopping = true;
  }
  mail_->changed.notify_all();
  if (thread_.joinable()) thread_.join();
  for (const auto& [incarnation, call] : in_flight_) {
    if (call) call->Cancel();
  }
  in_flight_.clear();
}

void MetricsCollector::LookAgain() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    look_again_ = true;
  }
  changed_.notify_all();
}

void MetricsCollector::Run() {
  auto last = Clock::now();
  Ms interval = Interval();
  auto next = last + std::min(kFirstRound, interval);
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    changed_.wait_until(lock, next, [this] { return stopping_ || look_again_; });
    if (stopping_) return;
    const bool looking = look_again_;
    look_again_ = false;
    lock.unlock();
    interval = Interval();
    if (!looking || Clock::now() >= next) {
      last = Clock::now();
      Collect(interval);
    }
    // A round that took too long costs the rounds that it covered, and is not made up
    // for.
    next = std::max(last + interval, Clock::now());
    lock.lock();
  }
}

MetricsCollector::Ms MetricsCollector::Interval() {
  const std::string text = sources_.interval();
  const auto given = ParseDurationMs(text);
  if (given) {
    bad_interval_.clear();
    return std::clamp(Ms(*given), kShortestInterval, kLongestInterval);
  }
  if (text != bad_interval_) {
    sources_.warn("Invalid interval in /settings/core, metrics interval: '" + text +
                  "' (write a time such as 10s); 10s is used");
    bad_interval_ = text;
  }
  return kDefaultInterval;
}

void MetricsCollector::Collect(Ms interval) {
  std::vector<Worker> workers = sources_.workers();
  ForgetLate();
  const auto deadline = Clock::now() + std::min(interval, kFetchLimit);
  for (const Worker& worker : workers) {
    if (worker.link) Ask(worker, deadline);
  }
  Landed landed = Await(deadline + kLandingGrace);

  std::set<std::string> kept;
  std::vector<WorkerFacts> facts;
  for (Worker& worker : workers) {
    const std::string& slot = worker.facts.info.id();
    if (worker.link) {
      const auto found = landed.find(worker.facts.info.incarnation());
      Status status = found == landed.end()
                          ? Status::DeadlineExceeded("it does not answer")
                          : found->second.status();
      worker.facts.gave_metrics = status.ok();
      if (status.ok()) {
        kept.insert(slot);
        status = Keep(slot, std::move(found->second).value());
      }
      Tell(slot, status.message());
    }
    facts.push_back(std::move(worker.facts));
  }
  for (const std::string& slot : kept_) {
    if (kept.count(slot) == 0) store_.Remove(slot);
  }
  kept_ = std::move(kept);
  const Status told = store_.Set(
      kHostSource, WorkerFigures(facts, static_cast<double>(interval.count()) / 1000));
  Tell("the host", told.message());
  store_.Publish(RoundTimeMs());
}

// What came after its round had ended is of no use, but its worker may be asked again.
void MetricsCollector::ForgetLate() {
  const std::lock_guard<std::mutex> lock(mail_->mutex);
  for (const auto& [incarnation, answer] : mail_->landed) in_flight_.erase(incarnation);
  mail_->landed.clear();
}

void MetricsCollector::Ask(const Worker& worker, Clock::time_point deadline) {
  const uint64_t incarnation = worker.facts.info.incarnation();
  if (in_flight_.count(incarnation) != 0) return;
  in_flight_[incarnation] = worker.link->FetchMetrics(
      {deadline, ""},
      [mail = mail_, incarnation](Status status, v1::FetchMetricsResponse response) {
        {
          const std::lock_guard<std::mutex> lock(mail->mutex);
          if (status.ok()) {
            mail->landed.insert_or_assign(incarnation, std::move(response));
          } else {
            mail->landed.insert_or_assign(incarnation, std::move(status));
          }
        }
        mail->changed.notify_all();
      });
}

MetricsCollector::Landed MetricsCollector::Await(Clock::time_point deadline) {
  Landed landed;
  std::unique_lock<std::mutex> lock(mail_->mutex);
  mail_->changed.wait_until(lock, deadline, [this] {
    return mail_->stopping || mail_->landed.size() >= in_flight_.size();
  });
  landed.swap(mail_->landed);
  lock.unlock();
  for (const auto& [incarnation, answer] : landed) in_flight_.erase(incarnation);
  return landed;
}

Status MetricsCollector::Keep(const std::string& slot,
                              v1::FetchMetricsResponse response) {
  std::vector<v1::Metric> metrics;
  for (v1::Metric& metric : *response.mutable_metrics()) {
    if (!IsHostsBundle(metric.bundle())) metrics.push_back(std::move(metric));
  }
  return store_.Set(slot, std::move(metrics));
}

// Once for each problem, not once a round.
void MetricsCollector::Tell(const std::string& slot, const std::string& problem) {
  if (problem.empty()) {
    problems_.erase(slot);
    return;
  }
  std::string& told = problems_[slot];
  if (problem == told) return;
  sources_.warn("metrics of " + slot + ": " + problem);
  told = problem;
}

}  // namespace nscp::kernel
