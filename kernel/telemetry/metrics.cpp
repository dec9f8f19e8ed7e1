#include "kernel/telemetry/metrics.h"

namespace nscp::kernel {

Status MetricsStore::Set(std::string_view source, std::vector<v1::Metric> metrics) {
  const size_t sent = metrics.size();
  if (sent > kMaxMetricsOfSource) metrics.resize(kMaxMetricsOfSource);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const std::string name(source);
    if (sources_.size() >= kMaxMetricSources && sources_.count(name) == 0) {
      return Status::ResourceExhausted("metrics of " + name + ": there are " +
                                       std::to_string(kMaxMetricSources) +
                                       " sources already");
    }
    sources_[name] = std::move(metrics);
  }
  if (sent <= kMaxMetricsOfSource) return Status::Ok();
  return Status::ResourceExhausted(std::string(source) + " has " + std::to_string(sent) +
                                   " metrics; only " +
                                   std::to_string(kMaxMetricsOfSource) + " are kept");
}

void MetricsStore::Remove(std::string_view source) {
  const std::lock_guard<std::mutex> lock(mutex_);
  sources_.erase(std::string(source));
}

void MetricsStore::Publish(int64_t now_ms) {
  v1::MetricsSnapshotResponse snapshot;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [source, metrics] : sources_) {
      for (const v1::Metric& metric : metrics) *snapshot.add_metrics() = metric;
    }
    snapshot.set_time_ms(now_ms);
    published_ = snapshot;
  }
  watchers_.Tell(snapshot);
}

v1::MetricsSnapshotResponse MetricsStore::Snapshot() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return published_;
}

Result<std::unique_ptr<Watch>> MetricsStore::Subscribe(
    Watchers<v1::MetricsSnapshotResponse>::Callback callback) {
  return watchers_.Add(std::move(callback));
}

Status Tags::Set(const v1::SetTagRequest& request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (request.name().empty() || request.name().size() > kMaxTagName) {
    return Status::InvalidArgument("a tag's name has 1 to " +
                                   std::to_string(kMaxTagName) + " bytes");
  }
  if (request.value().size() > kMaxTagValue) {
    return Status::InvalidArgument("the tag " + request.name() + " has more than " +
                                   std::to_string(kMaxTagValue) + " bytes");
  }
  if (request.value().empty()) {
    tags_.erase(request.name());
    return Status::Ok();
  }
  if (tags_.size() >= kMaxTags && tags_.count(request.name()) == 0) {
    return Status::ResourceExhausted("there are " + std::to_string(kMaxTags) +
                                     " tags already; remove one first");
  }
  tags_[request.name()] = request.value();
  return Status::Ok();
}

v1::ListTagsResponse Tags::List() const {
  v1::ListTagsResponse response;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [name, value] : tags_) {
    auto* tag = response.add_tags();
    tag->set_name(name);
    tag->set_value(value);
  }
  return response;
}

}  // namespace nscp::kernel
