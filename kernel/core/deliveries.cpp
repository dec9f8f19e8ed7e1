#include "kernel/core/deliveries.h"

#include <algorithm>
#include <set>

namespace nscp::kernel {
namespace {

bool Wants(const Deliveries::Consumer& consumer, const std::string& name) {
  return std::any_of(
      consumer.patterns.begin(), consumer.patterns.end(),
      [&](const std::string& pattern) { return EventMatches(pattern, name); });
}

}  // namespace

Deliveries::Deliveries(Sources sources, EventRing& events, MetricsStore& metrics)
    : sources_(std::move(sources)), events_(events), metrics_(metrics) {}

Deliveries::~Deliveries() { Stop(); }

Status Deliveries::Start() {
  ASSIGN_OR_RETURN(event_watch_, events_.Subscribe([mail = mail_](const EventPtr& event) {
    {
      const std::lock_guard<std::mutex> lock(mail->mutex);
      if (mail->events.size() >= kMaxWaiting) {
        mail->events.pop_front();
        ++mail->overrun;
      }
      mail->events.push_back(event);
    }
    mail->changed.notify_all();
  }));
  ASSIGN_OR_RETURN(
      metrics_watch_,
      metrics_.Subscribe([mail = mail_](const v1::MetricsSnapshotResponse& all) {
        auto request = std::make_shared<v1::PushMetricsRequest>();
        *request->mutable_metrics() = all.metrics();
        {
          const std::lock_guard<std::mutex> lock(mail->mutex);
          mail->metrics = std::move(request);
        }
        mail->changed.notify_all();
      }));
  thread_ = std::thread([this] { Run(); });
  return Status::Ok();
}

void Deliveries::Stop() {
  event_watch_.reset();
  metrics_watch_.reset();
  {
    const std::lock_guard<std::mutex> lock(mail_->mutex);
    mail_->stopping = true;
  }
  mail_->changed.notify_all();
  if (thread_.joinable()) thread_.join();
  for (const auto& [incarnation, lane] : lanes_) {
    if (lane.events_call) lane.events_call->Cancel();
    if (lane.metrics_call) lane.metrics_call->Cancel();
  }
  lanes_.clear();
}

void Deliveries::Run() {
  std::unique_lock<std::mutex> lock(mail_->mutex);
  for (;;) {
    mail_->changed.wait(lock, [this] {
      return mail_->stopping || !mail_->events.empty() || mail_->metrics ||
             !mail_->landed.empty();
    });
    if (mail_->stopping) return;
    const std::deque<EventPtr> events = std::exchange(mail_->events, {});
    const auto metrics = std::exchange(mail_->metrics, nullptr);
    const auto landed = std::exchange(mail_->landed, {});
    const uint64_t overrun = std::exchange(mail_->overrun, 0);
    lock.unlock();
    if (overrun > 0) {
      sources_.warn(std::to_string(overrun) + " events were lost: too many at once");
    }
    Settle(landed);
    if (!events.empty() || metrics) {
      const std::vector<Consumer> consumers = sources_.consumers();
      Sort(events, consumers);
      for (const Consumer& consumer : consumers) {
        if (!metrics || !consumer.wants_metrics) continue;
        Lane& lane = lanes_[consumer.incarnation];
        if (!lane.metrics_call) SendMetrics(consumer.incarnation, lane, *metrics);
      }
    }
    for (auto& [incarnation, lane] : lanes_) {
      if (!lane.events_call && !lane.waiting.empty()) SendEvents(incarnation, lane);
    }
    lock.lock();
  }
}

// Puts each event into the lanes of those who want it, and forgets lanes of workers that
// are gone.
void Deliveries::Sort(const std::deque<EventPtr>& events,
                      const std::vector<Consumer>& consumers) {
  std::set<uint64_t> running;
  for (const Consumer& consumer : consumers) {
    running.insert(consumer.incarnation);
    Lane& lane = lanes_[consumer.incarnation];
    lane.link = consumer.link;
    lane.slot = consumer.slot;
    for (const EventPtr& event : events) {
      if (!Wants(consumer, event->name())) continue;
      if (lane.waiting.size() >= kMaxWaiting) {
        lane.waiting.pop_front();
        ++lane.lost;
      }
      lane.waiting.push_back(event);
    }
  }
  for (auto lane = lanes_.begin(); lane != lanes_.end();) {
    const bool idle = !lane->second.events_call && !lane->second.metrics_call;
    lane = idle && running.count(lane->first) == 0 ? lanes_.erase(lane) : ++lane;
  }
}

void Deliveries::SendEvents(uint64_t incarnation, Lane& lane) {
  if (lane.lost > 0) {
    sources_.warn(std::to_string(lane.lost) + " events for " + lane.slot +
                  " were lost: it is too slow");
    lane.lost = 0;
  }
  v1::DeliverEventsRequest request;
  while (!lane.waiting.empty() && request.events_size() < kMaxInOne) {
    *request.add_events() = *lane.waiting.front();
    lane.waiting.pop_front();
  }
  lane.events_call = lane.link->DeliverEvents(
      std::move(request), {Clock::now() + kLimit, ""},
      [mail = mail_, incarnation](Status status, const v1::DeliverEventsResponse&) {
        {
          const std::lock_guard<std::mutex> lock(mail->mutex);
          mail->landed.push_back({incarnation, false, std::move(status)});
        }
        mail->changed.notify_all();
      });
}

void Deliveries::SendMetrics(uint64_t incarnation, Lane& lane,
                             const v1::PushMetricsRequest& metrics) {
  lane.metrics_call = lane.link->PushMetrics(
      metrics, {Clock::now() + kLimit, ""},
      [mail = mail_, incarnation](Status status, const v1::PushMetricsResponse&) {
        {
          const std::lock_guard<std::mutex> lock(mail->mutex);
          mail->landed.push_back({incarnation, true, std::move(status)});
        }
        mail->changed.notify_all();
      });
}

void Deliveries::Settle(const std::vector<Mail::Landed>& landed) {
  for (const Mail::Landed& one : landed) {
    const auto lane = lanes_.find(one.incarnation);
    if (lane == lanes_.end()) continue;
    (one.is_metrics ? lane->second.metrics_call : lane->second.events_call).reset();
    if (!one.status.ok()) {
      // Nobody will read what waits for a worker that is gone.
      if (one.status.code() == Code::kUnavailable) lane->second.waiting.clear();
      sources_.warn(std::string(one.is_metrics ? "metrics" : "events") + " for " +
                    lane->second.slot + ": " + one.status.message());
    }
  }
}

}  // namespace nscp::kernel
